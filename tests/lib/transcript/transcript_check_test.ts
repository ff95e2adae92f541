import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeBase58 } from "../../../lib/protocol/base58.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";
import { attestedBytes } from "../../../lib/transcript/attestation.ts";
import {
  footLine,
  headLine,
  LineChain,
  messageLine,
  missingLine,
} from "../../../lib/transcript/transcript_lines.ts";
import { agent } from "../../fakes/agents.ts";
import { roomName } from "../../fakes/plain.ts";
import {
  faultOf,
  foundWhereverChanged,
  verdictOf,
} from "../../fakes/transcript_verdicts.ts";

const tea = roomName("tea");
const [ada, bob, eve] = [agent(1), agent(2), agent(3)];

interface Said {
  readonly by?: typeof ada;
  readonly room?: string;
  readonly id?: string;
  readonly nonce?: string;
}

/** A message as a relay passes it on. */
function said(
  text: string,
  { by = ada, room = "tea", id = text, nonce = `n-${text}` }: Said = {},
) {
  const frame = signFrame({
    ...{ type: "message", id, room, from: by.id, nonce },
    ...{ content: { type: "text", text }, timestamp: 1_800_000_000_000 },
  }, (bytes) => by.sign(bytes));
  return { ...frame, from_name: "somebody", seq: 5, received_at: 6 };
}

type Item = { frame: object; seq?: number } | { from: number; to: number };

/** A transcript of ada's. */
function transcript(items: readonly Item[], by = ada): string[] {
  const chain = new LineChain();
  const lines: string[] = [];
  const add = (line: string) => {
    chain.add(line);
    lines.push(line);
  };
  add(headLine({
    ...{ room: tea, relay: "wss://relay.example.org/v1/ws", by: ada.id },
    ...{ name: "ada", at: 1_800_000_000_000 },
  }));
  for (const item of items) {
    add(
      "frame" in item
        ? messageLine(
          { ...item, frame: { ...item.frame }, received_at: 9 },
          chain.mark,
        )
        : missingLine(item, chain.mark),
    );
  }
  const count = items.filter((one) => "frame" in one).length;
  const end = { count, chain: chain.hex };
  const signature = encodeBase58(by.sign(attestedBytes(end)));
  return [...lines, footLine({ ...end, signature })];
}

const numbered = (texts: string, more: Said = {}) =>
  [...texts].map((text, place) => ({
    frame: said(text, more),
    seq: 100 + place,
  }));
const GOOD = transcript(numbered("abcdef"));

Deno.test("TranscriptCheck: what is in order says how much it is, with and without the relay's numbers, and empty", () => {
  const verdict = verdictOf(GOOD);
  assert.ok(verdict.ok);
  const { head, ...rest } = verdict.summary;
  assert.equal(head.room, "tea");
  assert.deepEqual(rest, {
    ...{ messages: 6, authors: 1, missing: 0 },
    seqs: { first: 100, last: 105 },
  });
  const bare = verdictOf(
    transcript([{ frame: said("a") }, { frame: said("b", { by: bob }) }]),
  );
  assert.ok(bare.ok);
  assert.deepEqual([
    bare.summary.messages,
    bare.summary.authors,
    bare.summary.seqs,
  ], [2, 2, undefined]);
  assert.ok(verdictOf(transcript([])).ok);
});

Deno.test("TranscriptCheck: what the exporter could not have is counted, and no hole", () => {
  const [a, b] = [said("a"), said("b")];
  const verdict = verdictOf(transcript([
    { frame: a, seq: 4 },
    { from: 5, to: 7 },
    { frame: b, seq: 8 },
  ]));
  assert.ok(verdict.ok);
  assert.deepEqual([verdict.summary.missing, verdict.summary.seqs], [3, {
    first: 4,
    last: 8,
  }]);
});

Deno.test("TranscriptCheck: an altered text, author, time, id or field is found in its line", () => {
  for (
    const change of [
      (line: string) => line.replace('"text":"c"', '"text":"x"'),
      (line: string) => line.replace(ada.id, bob.id),
      (line: string) => line.replace("1800000000000", "1800000000001"),
      (line: string) => line.replace('"id":"c"', '"id":"y"'),
      (line: string) =>
        line.replace('"type":"message"', '"type":"message","reply_to":"a"'),
    ]
  ) {
    const lines = GOOD.map((line, place) => place === 3 ? change(line) : line);
    assert.notEqual(lines[3], GOOD[3]);
    const fault = faultOf(lines);
    assert.equal(fault?.line, 4);
    assert.match(fault?.reason ?? "", /signature is not its author's/);
  }
});

Deno.test("TranscriptCheck: what no author signs is covered by the chain: number, time, the head", () => {
  const time = GOOD.map((line, place) =>
    place === 3 ? line.replace('"received_at":9', '"received_at":8') : line
  );
  assert.equal(faultOf(time)?.line, 4);
  const head = [
    GOOD[0]?.replace("relay.example.org", "relay.example.com") ?? "",
    ...GOOD.slice(1),
  ];
  assert.equal(faultOf(head)?.line, 1);
  const last = GOOD.map((line, place) =>
    place === 6 ? line.replace('"received_at":9', '"received_at":8') : line
  );
  assert.equal(faultOf(last)?.line, 7);
});

Deno.test("TranscriptCheck: lines that are missing, swapped, doubled, foreign, cut off or new are found where they are", () => {
  const without = (place: number) => GOOD.filter((_, at) => at !== place);
  const missing = faultOf(without(3));
  assert.deepEqual([missing?.line], [3]);
  const swapped = [...GOOD];
  [swapped[2], swapped[3]] = [swapped[3] ?? "", swapped[2] ?? ""];
  assert.equal(faultOf(swapped)?.line, 2);
  assert.equal(
    faultOf([...GOOD.slice(0, 4), GOOD[3] ?? "", ...GOOD.slice(4)])?.line,
    4,
  );
  const foreign = transcript([{ frame: said("x", { by: eve, room: "lab" }) }]);
  assert.deepEqual(faultOf(foreign), {
    line: 2,
    reason: "it is of another room",
  });
  assert.match(faultOf(GOOD.slice(0, -1))?.reason ?? "", /its end is missing/);
  assert.match(
    faultOf([...GOOD, GOOD[3] ?? ""])?.reason ?? "",
    /behind the end/,
  );
  const spaced = [...GOOD.slice(0, -1), `${GOOD.at(-1)} `];
  assert.match(faultOf(spaced)?.reason ?? "", /not as it was written/);
  assert.match(faultOf([])?.reason ?? "", /empty/);
  assert.match(
    faultOf(GOOD.slice(1))?.reason ?? "",
    /begins with another line/,
  );
});

Deno.test("TranscriptCheck: who makes a chain of his own can't hide it: doubles, holes, moved numbers, another's name", () => {
  const [a, b] = [said("a"), said("b")];
  const doubled = transcript([{ frame: a, seq: 1 }, { frame: a, seq: 2 }]);
  assert.deepEqual(faultOf(doubled), {
    line: 3,
    reason: "the same message stands in line 2",
  });
  const nonce = said("c", { nonce: "n-a" });
  assert.match(
    faultOf(transcript([{ frame: a }, { frame: nonce }]))?.reason ?? "",
    /nonce was used in line 2/,
  );
  const hole = transcript([{ frame: a, seq: 1 }, { frame: b, seq: 4 }]);
  assert.deepEqual(faultOf(hole), {
    line: 3,
    reason: "numbers 2 to 3 are missing before it",
  });
  assert.match(
    faultOf(transcript([{ frame: a, seq: 3 }, { frame: b, seq: 2 }]))?.reason ??
      "",
    /does not follow 3/,
  );
  assert.match(
    faultOf(transcript([{ frame: a }, { frame: b, seq: 2 }]))?.reason ?? "",
    /has a number/,
  );
  assert.match(
    faultOf(transcript([{ frame: a, seq: 2 }, { frame: b }]))?.reason ?? "",
    /no number/,
  );
  const other = faultOf(transcript([{ frame: a, seq: 1 }], bob));
  assert.deepEqual(other, {
    line: 3,
    reason: "its signature is not that of who made the transcript",
  });
});

Deno.test("TranscriptCheck: what nobody signed is no message", () => {
  const { signature: _, ...bare } = said("a");
  for (const frame of [bare, { ...bare, signature: "" }]) {
    const fault = faultOf(transcript([{ frame, seq: 1 }]));
    assert.equal(fault?.line, 2);
    assert.match(fault.reason, /signature is not its author's|no message/);
  }
});

Deno.test("TranscriptCheck: any change of a byte, or of the order of lines, is found; nothing throws", () => {
  const all = GOOD.join("\n");
  foundWhereverChanged(all, 3_000);
  fc.assert(
    fc.property(fc.shuffledSubarray(GOOD, { minLength: 1 }), (lines) => {
      assert.equal(verdictOf(lines).ok, lines.join("\n") === all);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json(),
          fc.constantFrom(...GOOD),
        ),
      ),
      (lines) => {
        verdictOf(lines);
      },
    ),
    { numRuns: 2_000 },
  );
});
