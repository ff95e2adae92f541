import assert from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { parseAgentId } from "../../../lib/protocol/agent_id.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";
import {
  prepareMessage,
  readMessage,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { statementBytes } from "../../../lib/sealed/labelled_bytes.ts";
import {
  readSealed,
  toBase64,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import { roomName } from "../../fakes/plain.ts";
import { agent } from "../../fakes/agents.ts";
import { faultOf, summaryOf } from "../../fakes/transcript_verdicts.ts";
import { remade, talked } from "../../fakes/vault_transcript.ts";

Deno.test("a private room's transcript: what a lying exporter changes is found in its line, though chain and end fit", async () => {
  const { hub: made, lines, bob, wire } = await talked();
  using _hub = made;
  const parsed: RawObject[] = lines.map((line) => JSON.parse(line));
  const keyed = parsed.flatMap((line, at) => "key" in line ? [at] : []);
  const [first = 0, second = 0, third = 0] = keyed;
  const other = parsed[second]!;
  const outsider = agent(9);
  const resigned = (frame: RawObject, by: typeof outsider) => {
    const { signature: _, ...rest } = frame;
    return signFrame({ ...rest, from: by.id } as never, by.sign);
  };
  const frameOf = (line: RawObject) => line.frame as RawObject;
  const cases: [
    string,
    RegExp,
    (line: RawObject, at: number) => RawObject | null,
  ][] = [
    [
      "the text",
      /its text is not what is sealed in it/,
      (line, at) => at === third ? { ...line, text: "four" } : line,
    ],
    [
      "the key",
      /what is sealed in it: it was altered/,
      (line, at) => at === third ? { ...line, key: other.key } : line,
    ],
    [
      "the ciphertext of another",
      /signature is not its author's/,
      (line, at) =>
        at === third
          ? {
            ...line,
            frame: { ...frameOf(line), content: frameOf(other).content },
          }
          : line,
    ],
    [
      "the author, signed anew by him",
      /what is sealed in it/,
      (line, at) =>
        at === third
          ? { ...line, frame: resigned(frameOf(line), outsider) }
          : line,
    ],
    [
      "no signature of the frame, another id",
      /what is sealed in it/,
      (line, at) => {
        if (at !== third) return line;
        const { signature: _, nonce: __, ...frame } = frameOf(line);
        return { ...line, frame: { ...frame, id: "moved" } };
      },
    ],
    [
      "the record",
      /no record of its key stands before it/,
      (line) => "epoch" in line ? null : line,
    ],
    [
      "a record of another room",
      /a record: its author did not sign it/,
      (line) => {
        if (!("epoch" in line)) return line;
        const { body } = line.epoch as { body: string };
        return { ...line, epoch: { author: bob.id, body } };
      },
    ],
    [
      "the same record twice",
      /the same record stood before/,
      (line, at) =>
        at === first
          ? { after: "", epoch: parsed.find((one) => "epoch" in one)!.epoch }
          : line,
    ],
    [
      "a message twice",
      /the same message stands in line/,
      (line, at) => at === second ? parsed[first]! : line,
    ],
    [
      "the room",
      /it is of another room/,
      (line) =>
        "wire" in line ? { ...line, wire: `p-${"0".repeat(32)}` } : line,
    ],
    [
      "a room without a key",
      /'wire' is missing/,
      (line) => {
        if (!("wire" in line)) return line;
        const { wire: _, ...head } = line;
        return { ...head, room: wire };
      },
    ],
    [
      "a key that is none",
      /its key is none/,
      (line, at) => at === third ? { ...line, key: "AAAA" } : line,
    ],
    [
      "a key beside a receipt",
      /no sealed message, but has a key/,
      (line, at) => {
        const is = at !== third && "frame" in line && !("key" in line);
        return is ? { ...line, key: other.key, text: "x" } : line;
      },
    ],
  ];
  for (const [what, reason, change] of cases) {
    const fault = faultOf(remade(bob, lines, change));
    assert.match(fault?.reason ?? "nothing", reason, what);
  }
  assert.equal(faultOf(remade(bob, lines, (line) => line)), null);
  assert.equal(
    faultOf(
      remade(
        bob,
        lines,
        (line, at) => at === third ? { ...line, text: "four" } : line,
      ),
    )?.line,
    third + 1,
  );
  // One that he gives no key of is named.
  const hidden = remade(bob, lines, (line, at) => {
    const { text: _, key: __, ...rest } = line;
    return at === first ? rest : line;
  });
  assert.equal(summaryOf(hidden).sealed?.unopened, 1);
});

Deno.test("a private room's transcript: a word of one who was never given the room's key is found, whatever key is put beside it", async () => {
  const { hub: made, lines, bob, wire } = await talked();
  using _hub = made;
  const parsed: RawObject[] = lines.map((line) => JSON.parse(line));
  const { text: sealedText } = (parsed.find((line) => "key" in line)!
    .frame as RawObject).content as { readonly text: string };
  const sealed = readSealed(sealedText);
  assert.ok(sealed.is === "sealed");
  const { epoch } = readMessage(sealed.body)!;
  const eve = agent(9);
  const place = { room: roomName(wire), from: eve.id, id: "made-up" };
  const [salt, key] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const head = { stream: "a-b", n: 1, at: 1, saw: [] };
  const { content, hash } = prepareMessage(place, epoch, { head, text: "me!" });
  const author = parseAgentId(eve.id)!;
  const signature = eve.sign(
    statementBytes({ kind: "said", room: place.room, author, hash }),
  );
  const body = sealMessage(place, { epoch, salt }, { content, signature, key });
  const frame = signFrame({
    ...{ type: "message", id: place.id, room: wire, from: eve.id },
    ...{ nonce: "n", timestamp: 1 },
    content: { type: "text", text: writeSealed("m", body) },
  }, eve.sign);
  const last = parsed.findLastIndex((line) => "key" in line);
  const { seq } = parsed[last]!;
  const fault = faultOf(
    remade(
      bob,
      lines,
      (line, at) =>
        at === last
          ? { after: "", seq, text: "me!", key: toBase64(key), frame }
          : line,
    ),
  );
  assert.deepEqual(fault, {
    line: last + 1,
    reason: "its author was not given its key",
  });
});

Deno.test("a private room's transcript: it passes for none of a public room, nor the other way round", async () => {
  const { hub: made, lines, bob, wire } = await talked();
  using _hub = made;
  // Receipts and records would count as messages.
  const bare = remade(bob, lines, (line) => {
    if ("epoch" in line) return null;
    const { wire: _, text: __, key: ___, ...rest } = line;
    return "wire" in line ? { ...rest, room: wire } : rest;
  }).slice(0, -1);
  assert.deepEqual(faultOf(bare), { line: 1, reason: "'wire' is missing" });
  // Messages would count as none.
  const named = remade(
    bob,
    lines,
    (line) => "wire" in line ? { ...line, wire: "tea" } : line,
  );
  assert.deepEqual(faultOf(named), { line: 1, reason: "'wire' is none" });
});
