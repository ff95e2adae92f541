/**
 * The one relay that this file was made for (`deno task compile --client-only` writes it); undefined in a general
 * file, which takes any.
 */
export const DEFAULT_RELAY: string | undefined = undefined;
