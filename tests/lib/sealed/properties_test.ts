import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { readRecord } from "../../../lib/sealed/epoch_record.ts";
import { parseState } from "../../../lib/sealed/epoch_state.ts";
import { parseHead } from "../../../lib/sealed/head.ts";
import { isJoinSigned, readJoin } from "../../../lib/sealed/join_request.ts";
import { parseRefusal } from "../../../lib/sealed/join_refusal.ts";
import { readFilePart } from "../../../lib/sealed/file_part.ts";
import { readLeaving } from "../../../lib/sealed/leaving.ts";
import {
  openContent,
  openMessage,
  type Place,
  readMessage,
} from "../../../lib/sealed/message.ts";
import { parseReceipt } from "../../../lib/sealed/receipt.ts";
import { messageKey, SourceKey } from "../../../lib/sealed/derived_keys.ts";
import {
  readRecordAgain,
  readRecordRequest,
} from "../../../lib/sealed/record_request.ts";
import { readSealed, writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { roomName } from "../../fakes/plain.ts";
import { sealedVectors as vectors } from "../../vectors/sealed.ts";

const room = roomName(vectors.room);
const verifier = new Verifier();
const key2 = new SourceKey(Uint8Array.fromHex(vectors.keys[1]!));
const pairKey = new SourceKey(Uint8Array.fromHex(vectors.pair.key));

/** What a text of a private room comes to, all the way; null where it is refused. */
async function understood(
  text: string,
  from: string,
  id = "id-1",
): Promise<unknown> {
  const read = readSealed(text);
  if (read.is !== "sealed") return null;
  const { kind, body } = read;
  switch (kind) {
    case "m": {
      const start = readMessage(body);
      if (start === null) return null;
      const key = await messageKey(key2, start.salt);
      const opened = openMessage({ room, from, id }, start, { key, verifier });
      return opened.ok ? opened.content : null;
    }
    case "e": {
      const record = readRecord({ room, author: from }, body, verifier);
      return record.ok ? record : null;
    }
    case "j": {
      const request = readJoin(body);
      const place = { room, joiner: from, root: vectors.join.root };
      return request !== null && isJoinSigned(place, request, verifier)
        ? request
        : null;
    }
    case "g":
    case "n":
      return await contentOf(kind, body, { room, from, id });
    case "l":
      return readLeaving(body);
    case "f":
      return readFilePart(body);
    case "q":
      return readRecordRequest(body);
    case "r":
      return readRecordAgain(body);
  }
}

/** What a receipt, or a refusal by the key of a pair, says. */
async function contentOf(
  kind: "g" | "n",
  body: Uint8Array,
  place: Place,
): Promise<unknown> {
  const start = readMessage(body);
  if (start === null) return null;
  const under = kind === "g" ? key2 : pairKey;
  const key = await messageKey(under, start.salt);
  const opened = openContent(place, start, { key, verifier });
  if (!opened.ok) return null;
  return kind === "g"
    ? parseReceipt(opened.content)
    : parseRefusal(opened.content);
}

const { author, sealed } = vectors.message;
const { receipt } = vectors;
const refusal = vectors.refusals[0]!;
const epoch = vectors.epochs[1]!;
const join = vectors.join;
const GOOD = [
  [sealed, author],
  [epoch.sealed, epoch.author],
  [join.sealed, join.joiner],
  [receipt.sealed, receipt.author, receipt.id],
  [refusal.sealed, refusal.author, refusal.id],
] as const;

Deno.test("any text in a private room is understood or refused, and nothing is thrown", async () => {
  const kinds = fc.constantFrom(..."mgejqrlnf");
  const shaped = fc.tuple(kinds, fc.uint8Array({ maxLength: 400 }))
    .map(([kind, body]) => writeSealed(kind as "m", body));
  const anyText = fc.oneof(fc.string({ unit: "binary" }), shaped);
  const anybody = fc.oneof(fc.string(), fc.constant(author));
  await fc.assert(
    fc.asyncProperty(anyText, anybody, async (text, from) => {
      await understood(text, from);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("any bytes are a head, a state or null", () => {
  const json = fc.json().map((text) => new TextEncoder().encode(text));
  const bytes = fc.oneof(json, fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(bytes, (one) => {
      parseHead(one);
      parseState(one);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("parseHead, parseState: more that was seen than is told, and an admin who is no member, are refused", () => {
  const bytes = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value));
  const ids = vectors.agents.map(({ id }) => id);
  const seen = (count: number) =>
    parseHead(bytes({
      ...{ s: "1-a", n: 1, at: 1 },
      saw: Array(count).fill([ids[0], "1-a", 1]),
    }));
  strictEqual(seen(32)?.saw.length, 32);
  strictEqual(seen(33), null);
  const state = { title: "vault", members: ids.slice(0, 2), invites: [] };
  const by = (admins: readonly unknown[]) =>
    parseState(bytes({ ...state, admins }));
  strictEqual(by(ids.slice(0, 1))?.admins.length, 1);
  strictEqual(by(ids.slice(1, 3)), null);
  strictEqual(by([]), null);
});

Deno.test("each bit flipped of a message, a record, a join request, a receipt and a refusal is refused", async () => {
  for (const [text, from, id] of GOOD) {
    strictEqual(await understood(text, from, id) === null, false);
    const read = readSealed(text);
    if (read.is !== "sealed") throw new Error(read.is);
    const { body, kind } = read;
    // All of the open start and the signature, and each seventh bit of the long rest.
    for (let bit = 0; bit < body.length * 8; bit += bit < 600 ? 1 : 7) {
      const flipped = body.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const other = writeSealed(kind, flipped);
      strictEqual(await understood(other, from, id), null);
    }
    for (const length of [0, 1, 49, body.length - 1]) {
      const short = writeSealed(kind, body.subarray(0, length));
      strictEqual(await understood(short, from, id), null);
    }
  }
});

Deno.test("a message is nothing under another author, id or room; a record nothing under another author", async () => {
  const [, bob, eve] = vectors.agents as typeof vectors.agents;
  strictEqual(await understood(sealed, eve!.id), null);
  strictEqual(await understood(sealed, author, "id-2"), null);
  strictEqual(await understood(epoch.sealed, bob!.id), null);
  const read = readSealed(sealed);
  if (read.is !== "sealed") throw new Error(read.is);
  const start = readMessage(read.body)!;
  const key = await messageKey(key2, start.salt);
  const place = { from: author, id: "id-1" };
  const there = roomName("p-" + "f".repeat(32));
  const opened = openMessage({ ...place, room: there }, start, {
    ...{ key, verifier },
  });
  strictEqual(opened.ok, false);
});

Deno.test("readSealed: one text for one body; a newer version or kind is told apart", () => {
  deepStrictEqual(readSealed("hello"), { is: "plain" });
  deepStrictEqual(readSealed("agentnet-e2e-2.m.AAAA"), { is: "newer" });
  deepStrictEqual(readSealed("agentnet-e2e-1.zz.AAAA"), { is: "newer" });
  for (const bad of ["m", "m.", "m.A", "m.AB", "m.AAA=", "m.AA AA", ".AAAA"]) {
    const { is } = readSealed(`agentnet-e2e-1.${bad}`);
    strictEqual(is, "malformed", bad);
  }
});
