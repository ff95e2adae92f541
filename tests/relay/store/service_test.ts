import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  StoreAnswer,
  StoredRoom,
  StoreRequest,
} from "../../../relay/store/contract.ts";
import { roomName } from "../../fakes/plain.ts";
import { StoreRig } from "../../fakes/store_rig.ts";
import { ArrayStore } from "../../oracle/array_store.ts";

const NOW = 1_800_000_000_000;
/** Few names, ids and texts, so that they meet. */
const room = fc.constantFrom("a", "b", "c");
const small = (max: number) => fc.integer({ min: 0, max });
const time = small(6).map((ms) => NOW + ms);
const seq = fc.integer({ min: -2, max: 20 }).map((n) => NOW + n);
const limit = fc.integer({ min: 1, max: 4 });
const most_bytes = fc.constant(2 ** 20);
const maybe = (name: string, value: fc.Arbitrary<number>) =>
  fc.option(value, { nil: undefined }).map((given) =>
    given === undefined ? {} : { [name]: given }
  );

type Untold<T> = T extends unknown ? Omit<T, "token"> : never;
const message = fc.record({
  kind: fc.constant("message" as const),
  room,
  id: small(12).map(String),
  from: fc.constantFrom("x", "y"),
  from_name: fc.constantFrom("X", "Ÿ 😀"),
  frame: fc.string({ unit: "binary", maxLength: 12 }).map((text) =>
    JSON.stringify({ text })
  ),
  text_hash: fc.constantFrom("1", "1", "1", "2"),
  timestamp: time,
  received_at: time,
});
const opened = fc.record({
  kind: fc.constant("room_opened" as const),
  room,
  topic: fc.string(),
  tags: fc.array(fc.string(), { maxLength: 3 }),
  created_by: fc.constant("x"),
  created_from: fc.constantFrom("", "192.0.2.1"),
  created_at: time,
});
const emptied = fc.record({
  kind: fc.constant("room_emptied" as const),
  room,
  since: fc.option(time),
});
const ended = fc.record({ kind: fc.constant("room_ended" as const), room });
const history = fc.tuple(
  fc.record({
    kind: fc.constant("history" as const),
    room,
    limit,
    most_bytes,
  }),
  maybe("after_seq", seq),
  maybe("before_seq", seq),
).map((parts) => Object.assign({}, ...parts));
const rest = fc.tuple(
  fc.record({
    kind: fc.constant("rest_history" as const),
    room,
    limit,
    most_bytes,
  }),
  maybe("before", time),
  maybe("before_seq", seq),
).map((parts) => Object.assign({}, ...parts));
const request: fc.Arbitrary<Untold<StoreRequest>> = fc.oneof(
  { weight: 12, arbitrary: message },
  { weight: 2, arbitrary: opened },
  { weight: 1, arbitrary: ended },
  { weight: 1, arbitrary: emptied },
  { weight: 3, arbitrary: history },
  { weight: 3, arbitrary: rest },
);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.array(request, { minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom("restart", "wait") },
);

function comparable(answer: StoreAnswer): unknown {
  return answer.kind === "failed" ? { ...answer, reason: "" } : answer;
}

function byToken(answers: readonly StoreAnswer[]): unknown[] {
  return answers.toSorted((a, b) => a.token - b.token).map(comparable);
}

function byName(rooms: readonly StoredRoom[]): StoredRoom[] {
  return rooms.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/** Cut after each read: it sees the writes before it, and it is left open whether those after it too. */
function untilRead(requests: readonly StoreRequest[]): StoreRequest[][] {
  const parts: StoreRequest[][] = [[]];
  for (const request of requests) {
    parts.at(-1)?.push(request);
    if (request.kind.endsWith("history")) parts.push([]);
  }
  return parts.filter((part) => part.length > 0);
}

Deno.test("StoreService: answers like an array, over restarts and the clearing of ended rooms", async () => {
  const script = fc.array(step, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(script, async (steps) => {
      await StoreRig.use({ commitRows: 7 }, async (rig) => {
        const oracle = new ArrayStore();
        for (const one of ["wait", ...steps]) {
          if (one === "wait") await rig.clock.advance(2_000);
          else if (one === "restart") rig.restart();
          else {
            const requests = (one as Untold<StoreRequest>[]).map((request) =>
              ({ ...request, token: rig.token() }) as StoreRequest
            );
            for (const some of untilRead(requests)) {
              const expected = some.map((request) => oracle.answer(request));
              assert.deepEqual(byToken(await rig.ask(some)), byToken(expected));
            }
          }
        }
        rig.restart();
        const rooms = [...oracle.rooms.values()].map((
          { opened, emptySince },
        ) => ({
          name: roomName(opened.room),
          topic: opened.topic,
          tags: opened.tags,
          created_by: opened.created_by,
          created_from: opened.created_from,
          ...oracle.held(opened.room),
          ...(emptySince === null ? {} : { empty_since: emptySince }),
          created_at: opened.created_at,
          last_active: oracle.lastActive(opened.room),
        }));
        assert.deepEqual(byName(rig.ready?.rooms ?? []), byName(rooms));
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("StoreService: a room opened anew starts above every seq of its earlier life, whatever the clock did", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r", { created_at: NOW })]);
    const many = Array.from({ length: 50 }, () => rig.message("r"));
    const last = (await rig.ask(many)).at(-1);
    assert.ok(last?.kind === "stored" && last.seq === NOW + 49);
    const end = { kind: "room_ended", token: rig.token(), room: "r" } as const;
    await rig.ask([end, rig.opened("r", { created_at: NOW - 5_000 })]);
    const first = await rig.one(rig.message("r"));
    assert.ok(first.kind === "stored" && first.seq === NOW + 50);
    const page = await rig.page({
      kind: "history",
      room: "r",
      after_seq: last.seq,
    });
    assert.deepEqual(page.messages.map((row) => row.seq), [NOW + 50]);
  });
});

Deno.test("StoreService: an ended room's messages can be sent anew before their rows are cleared", async () => {
  await StoreRig.use({}, async (rig) => {
    const message = rig.message("r");
    await rig.ask([rig.opened("r"), message]);
    const again = await rig.ask([
      rig.opened("r"),
      { ...message, token: rig.token() },
    ]);
    assert.equal(again[1]?.kind === "stored" && again[1].duplicate, undefined);
    const { messages } = await rig.page({ kind: "history", room: "r" });
    assert.equal(messages.length, 1);
    await rig.clock.advance(3_000);
    assert.deepEqual(await rig.page({ kind: "history", room: "r" }), {
      kind: "page",
      token: rig.answers.at(-1)?.token,
      messages,
      has_more: false,
    });
  });
});

Deno.test("StoreService: nonces come back at start until they expire, and are removed then", async () => {
  await StoreRig.use({}, async (rig) => {
    const now = rig.clock.wall();
    const nonces = [
      { agent: "x", nonce: "1", expires_at: now + 10_000 },
      { agent: "x", nonce: "2", expires_at: now + 1_500 },
      { agent: "y", nonce: "1", expires_at: now + 20_000 },
      { agent: "x", nonce: "1", expires_at: now + 10_000 },
    ];
    await rig.one({ kind: "nonces", token: rig.token(), nonces });
    await rig.clock.advance(3_000);
    rig.restart();
    assert.deepEqual(rig.ready?.nonces, [nonces[2], nonces[0]]);
    const rows = rig.sql.sql.prepare("SELECT count(*) AS n FROM nonces").get();
    assert.equal(rows?.n, 2);
  });
});

Deno.test("StoreService: the files are their owner's alone", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("r")]);
    const modes = [...Deno.readDirSync(rig.folder)].map(({ name }) =>
      (Deno.statSync(`${rig.folder}/${name}`).mode ?? 0) & 0o777
    );
    assert.ok(modes.length >= 2);
    assert.deepEqual([...new Set(modes)], [0o600]);
  });
});

Deno.test("StoreService: opening runs no statement that touches messages, 50,000 of them or none", async () => {
  await StoreRig.use({ commitRows: 5_000 }, async (rig) => {
    await rig.ask([rig.opened("r"), rig.opened("s")]);
    for (let round = 0; round < 10; round++) {
      await rig.ask(
        Array.from({ length: 5_000 }, (_, i) => rig.message(i % 2 ? "r" : "s")),
      );
    }
    const before = rig.sql.executed.length;
    rig.restart();
    const ran = rig.sql.executed.slice(before);
    const opening = ran.slice(ran.indexOf("open"));
    assert.ok(opening.length > 0);
    assert.deepEqual(opening.filter((sql) => /\bmessages\b/.test(sql)), []);
    assert.equal(rig.ready?.rooms.length, 2);
  });
});
