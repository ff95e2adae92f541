import vectors from "./sealed.json" with { type: "json" };

/** Values made by a second implementation, `sealed.py` beside this file, and never by the project's own code. */
export const sealedVectors = vectors;
