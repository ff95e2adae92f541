/** The program's version; a test holds it to deno.json. */
export const PROGRAM_VERSION = "0.1.0";
