import assert from "node:assert/strict";
import { Failure } from "../../../../lib/errors.ts";
import {
  authorMeant,
  checkAuthorStart,
} from "../../../../daemon/session/read/key_start.ts";

/** Two keys with the same first four characters, as one of them was made to have, and a third. */
const ADA = "E3FvGLUTjdFQzBWx9TH5LYf5WaAmgVUaqGVbcUxuTbzy";
const FORGED = "E3FvJJgEyXuGrDPAPZdHTiEKxyB5BRh4uS9yShSpU9VA";
const BOB = "8NYU1dXePbuoeVJhaUAb1w4rJqwGrSwNhyFcbJnoW9Pm";
const known = (start: string) =>
  [ADA, FORGED, BOB, ADA].filter((id) => id.startsWith(start));

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return `${error.message}; ${error.fix}`;
    throw error;
  }
  return "none";
}

Deno.test("authorMeant: a start that a forged key has too names both", () => {
  const told = refusal(() => authorMeant("E3Fv", known));
  assert.match(told, /several keys.*E3FvGLUTjdFQ, E3FvJJgEyXuG.*@E3Fv/);
});

Deno.test("authorMeant: a start under eight characters asks for more, though one key has it", () => {
  assert.match(
    refusal(() => authorMeant("8NYU", known)),
    /too short.*8NYU1dXePbuo.*at least 8/,
  );
});

Deno.test("authorMeant: a whole key, a long start and what no key starts with", () => {
  assert.equal(authorMeant(ADA, known), ADA);
  assert.equal(authorMeant("E3FvGLUT", known), ADA);
  assert.equal(authorMeant("bob", known), "bob");
  assert.equal(authorMeant("anna", known), "@anna");
  assert.equal(authorMeant("@E3Fv", known), "@E3Fv");
  assert.equal(authorMeant("9NYU1dXe", known), "9NYU1dXe");
});

Deno.test("checkAuthorStart: tells an author by eight characters or more", () => {
  assert.match(refusal(() => checkAuthorStart("E3Fv", known)), /several/);
  assert.match(refusal(() => checkAuthorStart("8", known)), /too short/);
  for (const word of ["", "E3FvGLUT", BOB]) {
    assert.equal(refusal(() => checkAuthorStart(word, known)), "none");
  }
});
