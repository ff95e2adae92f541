import vectors from "./sealed_file.json" with { type: "json" };

/** Values made by a second implementation, `sealed_file.py` beside this file, and never by the project's own code. */
export const sealedFileVectors = vectors;
