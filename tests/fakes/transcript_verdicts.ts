import assert from "node:assert/strict";
import fc from "fast-check";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { TranscriptCheck } from "../../lib/transcript/transcript_check.ts";

export function verdictOf(lines: readonly string[]) {
  const check = new TranscriptCheck(new Verifier());
  for (const line of lines) if (!check.add(line)) break;
  return check.end();
}

export function faultOf(lines: readonly string[]) {
  const verdict = verdictOf(lines);
  return verdict.ok ? null : verdict.fault;
}

export function summaryOf(lines: readonly string[]) {
  const verdict = verdictOf(lines);
  assert.ok(verdict.ok, JSON.stringify(verdict));
  return verdict.summary;
}

/** Any change of up to three characters of a transcript is found. */
export function foundWhereverChanged(all: string, numRuns: number): void {
  fc.assert(
    fc.property(
      fc.nat(all.length - 1),
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.nat(3),
      (at, put, taken) => {
        const changed = all.slice(0, at) + put + all.slice(at + taken);
        if (changed === all) return;
        const { ok } = verdictOf(changed.split("\n"));
        assert.equal(ok, false, changed.slice(at - 20, at + 20));
      },
    ),
    { numRuns },
  );
}
