import assert from "node:assert/strict";
import { transcribe } from "../../../lib/conversation/transcribe.ts";
import { Failure } from "../../../lib/errors.ts";
import type {
  FramesQuery,
  KeptFrame,
} from "../../../lib/local_api/types/transcripts.ts";
import { encodeBase58 } from "../../../lib/protocol/base58.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { attestedBytes } from "../../../lib/transcript/attestation.ts";
import { TranscriptCheck } from "../../../lib/transcript/transcript_check.ts";
import { agent } from "../../fakes/agents.ts";
import { NOW, someStatus } from "../../fakes/api_values.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { asChecked, roomName } from "../../fakes/plain.ts";

const tea = roomName("tea");
const [ada, bob] = [agent(1), agent(2)];

/** A message as the daemon tells it, by its number. */
function told(
  number: number,
  { numbered = true, signed = true, at = NOW + number } = {},
): KeptFrame {
  const id = `m${number}`;
  const { signature, ...frame } = signFrame({
    ...{ type: "message", id, room: tea, from: bob.id },
    ...{ nonce: `nonce-${number}`, timestamp: at },
    content: { type: "text", text: `text ${number}` },
  }, bob.sign);
  const stamp = numbered ? { seq: number, received_at: at } : {};
  return asChecked<KeptFrame>({
    ...{ timestamp: at, ...stamp },
    frame: {
      ...{ ...frame, from_name: "bob", ...stamp },
      ...(signed ? { signature } : {}),
    },
  });
}

/** A relay that gives pages of three, by number or by time. */
function bed(all: readonly KeptFrame[], refusals: Failure[] = []) {
  const clock = new FakeClock();
  const queries: FramesQuery[] = [];
  const api = {
    status: () => Promise.resolve(someStatus()),
    identity: () => Promise.resolve({ id: ada.id, name: "ada" }),
    frames: (query: FramesQuery) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) return Promise.reject(refusal);
      queries.push(query);
      const { before_seq = Infinity, before = Infinity } = query;
      const older = all.filter(({ seq = 0, timestamp }) =>
        seq < before_seq && timestamp < before
      );
      const frames = older.slice(-3);
      const [first] = older.length > 3 ? frames : [];
      return Promise.resolve({
        ...{ room: tea, frames },
        ...(first === undefined ? {} : {
          earlier: first.seq === undefined
            ? { before: first.timestamp + 1 }
            : { before_seq: first.seq },
        }),
      });
    },
    attest: (end: { chain: string; count: number }) =>
      Promise.resolve({
        by: ada.id,
        signature: encodeBase58(ada.sign(attestedBytes(end))),
      }),
  };
  const make = (since?: number) =>
    transcribe({ clock }, api, {
      room: tea,
      ...(since === undefined ? {} : { since }),
    }, () => {});
  return { api, clock, queries, make };
}

function verified(lines: readonly string[]) {
  const check = new TranscriptCheck(new Verifier());
  for (const line of lines) check.add(line);
  const verdict = check.end();
  assert.ok(verdict.ok, JSON.stringify(verdict));
  return verdict.summary;
}

const textsOf = (lines: readonly string[]) =>
  lines.flatMap((line) => JSON.parse(line).frame?.content.text ?? []);

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => from + place);

Deno.test("transcribe: all of a room, page by page, oldest first, and it verifies", async () => {
  const { make, queries } = bed(numbers(10, 19).map((one) => told(one)));
  const { lines, messages, missing } = await make();
  assert.deepEqual([messages, missing], [10, 0]);
  assert.deepEqual(textsOf(lines), numbers(10, 19).map((one) => `text ${one}`));
  assert.deepEqual(verified(lines).seqs, { first: 10, last: 19 });
  assert.deepEqual(queries.map((one) => one.before_seq), [
    undefined,
    17,
    14,
    11,
  ]);
});

Deno.test("transcribe: what the relay did not give, or gave unsigned, is a hole that is said", async () => {
  const all = [told(1), told(2, { signed: false }), told(5), told(6)];
  const { lines, missing, unsigned } = await bed(all).make();
  assert.deepEqual([missing, unsigned], [3, 1]);
  assert.deepEqual([verified(lines).missing, verified(lines).messages], [3, 3]);
});

Deno.test("transcribe: from a moment on, and no page before it", async () => {
  const { make, queries } = bed(numbers(1, 20).map((one) => told(one)));
  const { lines } = await make(NOW + 16);
  assert.deepEqual(textsOf(lines), numbers(16, 20).map((one) => `text ${one}`));
  assert.equal(queries.length, 2);
  assert.equal(verified(lines).head.since, NOW + 16);
});

Deno.test("transcribe: a relay that numbers nothing, each message once though pages overlap", async () => {
  const all = numbers(1, 10).map((one) =>
    told(one, { numbered: false, at: NOW + Math.floor(one / 2) })
  );
  const { lines } = await bed(all).make();
  assert.deepEqual(textsOf(lines), numbers(1, 10).map((one) => `text ${one}`));
  assert.equal(verified(lines).seqs, undefined);
});

Deno.test("transcribe: a relay that gives no more pages for now is waited for, as long as it says", async () => {
  const later = new Failure("RATE_LIMITED", { retryAfterMs: 7_000 });
  const { make, clock } = bed([told(1)], [later]);
  let isDone = false;
  const making = make().then((made) => {
    isDone = true;
    return made;
  });
  await clock.advance(6_999);
  assert.equal(isDone, false);
  await clock.advance(1);
  assert.equal((await making).messages, 1);
});

Deno.test("transcribe: an empty room is a transcript; a relay without signatures is none", async () => {
  assert.equal(verified((await bed([]).make()).lines).messages, 0);
  const bare = bed([told(1, { signed: false, numbered: false })]);
  await assert.rejects(bare.make(), { code: "NOT_SIGNED" });
  const away = bed([told(1)], [new Failure("NOT_CONNECTED")]);
  await assert.rejects(away.make(), { code: "NOT_CONNECTED" });
});
