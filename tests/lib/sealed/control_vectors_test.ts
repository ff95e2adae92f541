import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Keyring } from "../../../daemon/keeper/room_keys/keyring.ts";
import { Identity } from "../../../lib/protocol/identity.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { messageKey, SourceKey } from "../../../lib/sealed/derived_keys.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import {
  askHash,
  parseRefusal,
  refusalContent,
} from "../../../lib/sealed/join_refusal.ts";
import { readLeaving, writeLeaving } from "../../../lib/sealed/leaving.ts";
import {
  openContent,
  type Place,
  prepareContent,
  readMessage,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { parseReceipt, receiptContent } from "../../../lib/sealed/receipt.ts";
import {
  readRecordAgain,
  readRecordRequest,
  writeRecordAgain,
  writeRecordRequest,
} from "../../../lib/sealed/record_request.ts";
import {
  readSealed,
  type SealedKind,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import { DyingFiles } from "../../fakes/dying_files.ts";
import { roomName } from "../../fakes/plain.ts";
import { sealedVectors as vectors } from "../../vectors/sealed.ts";

const hex = (text: string) => Uint8Array.fromHex(text);
const room = roomName(vectors.room);
const verifier = new Verifier();
const [ada, bob] = vectors.agents as [
  typeof vectors.agents[0],
  typeof vectors.agents[0],
];
const start = vectors.message.epoch;

/** The body of a text of the wire, which is of this kind. */
function bodyOf(kind: SealedKind, text: string): Uint8Array {
  const read = readSealed(text);
  if (read.is !== "sealed") throw new Error(read.is);
  strictEqual(read.kind, kind);
  strictEqual(writeSealed(kind, read.body), text);
  return read.body;
}

/** The keys of one of the agents, as his keeper has them. */
async function keyringOf({ id, seed }: typeof ada): Promise<AskKeys> {
  const identity = await Identity.fromSeed(hex(seed));
  const keyring = await Keyring.open({
    ...{ id, files: new DyingFiles(), path: "/room.keys" },
    sign: identity.sign,
    agreementSecret: () => identity.agreementSecret(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  return async (question) => await keyring.answer(question) as never;
}

/** What is sealed as a message is, as opened by this key. */
function contentOf(
  body: Uint8Array,
  place: Place,
  key: Uint8Array,
): Uint8Array {
  const opened = openContent(place, readMessage(body)!, { key, verifier });
  if (!opened.ok) throw new Error(opened.reason);
  return opened.content;
}

/** The same content sealed anew, by its author's keyring. */
async function sealedAgain(
  author: AskKeys,
  place: Place,
  { body, content, key }: Record<"body" | "content" | "key", Uint8Array>,
): Promise<Uint8Array> {
  const { epoch, salt } = readMessage(body)!;
  const { hash } = prepareContent(place, epoch, content);
  const signature = await author({ ask: "sign_said", room, hash });
  return sealMessage(place, { epoch, salt }, { content, signature, key });
}

Deno.test("join refusal: opened by who asked, of who invited, by the key of their pair; written again to the byte, by each reason", async () => {
  const asked = bodyOf("j", vectors.join.sealed);
  const [invited, asking] = [await keyringOf(ada), await keyringOf(bob)];
  const { kc } = await asking({ ask: "pair", id: ada.id });
  strictEqual((await invited({ ask: "pair", id: bob.id })).kc, kc);
  for (const { author: from, id, epoch, head, sealed } of vectors.refusals) {
    const body = bodyOf("n", sealed);
    const { epoch: named, salt } = readMessage(body)!;
    deepStrictEqual([named.toHex(), kc.startsWith(epoch)], [epoch, true]);
    const keys = await asking({
      ask: "message_keys",
      kc,
      salts: [salt],
    });
    const key = keys![0]!;
    const place = { room, from, id };
    const content = contentOf(body, place, key);
    const refusal = { ask: askHash(asked), reason: head.no };
    deepStrictEqual<unknown>(parseRefusal(content), refusal);
    deepStrictEqual(refusalContent(parseRefusal(content)!), content);
    const again = await sealedAgain(invited, place, { body, content, key });
    strictEqual(writeSealed("n", again), sealed);
    const elsewhere = openContent(
      { ...place, from: bob.id },
      readMessage(body)!,
      { key, verifier },
    );
    strictEqual(elsewhere.ok, false);
  }
  deepStrictEqual(
    vectors.refusals.map(({ head }) => head.no).toSorted(),
    ["ended", "expired", "used_up"],
  );
});

Deno.test("receipt: opened, and written again to the byte", async () => {
  const { author: from, id, head, sealed } = vectors.receipt;
  const body = bodyOf("g", sealed);
  const { salt } = readMessage(body)!;
  const key = await messageKey(new SourceKey(hex(vectors.keys[1]!)), salt);
  const place = { room, from, id };
  const content = contentOf(body, place, key);
  const marks = Object.entries(head.got).map(([author, lists]) => {
    const [delivered, shown] = lists as [string[], string[]];
    return { author, delivered, shown };
  });
  const receipt = { at: head.at, marks };
  deepStrictEqual(parseReceipt(content), receipt);
  deepStrictEqual(receiptContent(receipt), content);
  const author = await keyringOf(bob);
  const again = await sealedAgain(author, place, { body, content, key });
  strictEqual(writeSealed("g", again), sealed);
});

Deno.test("leaving, a request for a record, a record again: read, and written again to the byte", () => {
  const leaving = bodyOf("l", vectors.leaving);
  strictEqual(readLeaving(leaving)?.toHex(), start);
  deepStrictEqual(writeLeaving(hex(start)), leaving);
  const request = bodyOf("q", vectors.record_request);
  strictEqual(readRecordRequest(request)?.toHex(), start);
  deepStrictEqual(writeRecordRequest(hex(start)), request);
  const again = bodyOf("r", vectors.record_again);
  const record = bodyOf("e", vectors.epochs[0]!.sealed);
  deepStrictEqual(readRecordAgain(again), { author: ada.id, record });
  deepStrictEqual(writeRecordAgain(ada.id, record), again);
});
