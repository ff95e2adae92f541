import assert from "node:assert/strict";
import {
  type EntryAsked,
  entryFailed,
  fetchFailed,
  isMadeAnew,
} from "../../../../daemon/session/core/failure_events.ts";
import { Room } from "../../../../daemon/session/core/room.ts";
import type { VerifiedMessage } from "../../../../daemon/session/core/verified_message.ts";
import { Failure } from "../../../../lib/errors.ts";
import { roomName } from "../../../fakes/plain.ts";

function roomOf(
  known: {
    readonly createdHere?: boolean;
    readonly ended?: string;
    readonly rank?: number;
  } = {},
): Room {
  const { createdHere = false, ended } = known;
  return new Room({
    ...{ name: roomName("tea"), topic: "", tags: [], createdHere, ended },
    ...{ joinedAt: 0, lastSeq: 1, lastAt: 1, rank: known.rank },
  });
}

const message = {
  frame: { content: { type: "text", text: "x" } },
  verified: true,
} as VerifiedMessage;

for (
  const [code, retryAfterMs, hasHistory, trouble, mayGiveUp] of [
    ["RELAY_SILENT", undefined, true, "passing", true],
    ["NOT_CONNECTED", undefined, false, "passing", true],
    ["NOT_CONNECTED", undefined, true, "passing", false],
    ["RATE_LIMITED", 60_000, true, "passing", true],
    ["FILE_TROUBLE", undefined, true, "passing", false],
    ["NOT_IN_ROOM", undefined, true, "outside", true],
    ["ROOM_NOT_FOUND", undefined, true, "outside", true],
    ["ROOM_NOT_FOUND", undefined, false, "final", true],
    ["HISTORY_OFF", undefined, false, "final", true],
    ["RELAY_REFUSED", undefined, true, "final", true],
  ] as const
) {
  const relay = hasHistory ? "with history" : "with REST alone";
  Deno.test(`fetchFailed: ${code} of a relay ${relay} is ${trouble}`, () => {
    const failure = new Failure(code, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    assert.deepEqual(fetchFailed(roomOf(), failure, { now: 0, hasHistory }), {
      ...{ type: "fetch_failed", trouble, mayGiveUp },
      ms: retryAfterMs ?? 10_000,
    });
  });
}

Deno.test("fetchFailed: what does not answer is final at the third time in a row, a disk and a line never", () => {
  const troublesOf = (
    code: "RELAY_SILENT" | "FILE_TROUBLE" | "NOT_CONNECTED",
  ) => {
    const room = roomOf();
    const at = { now: 0, hasHistory: true };
    return [1, 2, 3].map(() =>
      fetchFailed(room, new Failure(code), at).trouble
    );
  };
  assert.deepEqual(troublesOf("RELAY_SILENT"), ["passing", "passing", "final"]);
  for (const code of ["FILE_TROUBLE", "NOT_CONNECTED"] as const) {
    assert.deepEqual(troublesOf(code), ["passing", "passing", "passing"]);
  }
});

Deno.test("fetchFailed: a line that is going away makes no gap, however long messages have waited", () => {
  const room = roomOf();
  room.hold(message);
  for (const now of [0, 25_000, 60_000]) {
    const { trouble } = fetchFailed(room, new Failure("NOT_CONNECTED"), {
      ...{ now, hasHistory: true },
    });
    assert.equal(trouble, "passing");
  }
});

Deno.test("fetchFailed: live messages wait 25 s for a limit, from the first failure on; where none waits it is waited out", () => {
  const limited = new Failure("RATE_LIMITED", { retryAfterMs: 1_000 });
  const troubleAt = (room: Room, now: number) =>
    fetchFailed(room, limited, { now, hasHistory: true }).trouble;
  const quiet = roomOf();
  const waited = roomOf();
  waited.hold(message);
  for (const room of [quiet, waited]) {
    assert.equal(troubleAt(room, 1_000), "passing");
    assert.equal(troubleAt(room, 25_999), "passing");
  }
  assert.equal(troubleAt(waited, 26_000), "final");
  assert.equal(troubleAt(quiet, 26_000), "passing");
});

Deno.test("entryFailed: a limit is for all rooms, one on making rooms for none but its own; any other refusal waits 30 s, no answer 5 s", () => {
  const limited = new Failure("RATE_LIMITED", { retryAfterMs: 60_000 });
  const told = (failure: Failure, asked: EntryAsked) => {
    const event = entryFailed(failure, asked);
    assert.ok(event.type === "refused");
    assert.match(event.reason, /; trying again$/);
    return [event.ms, event.forAll];
  };
  assert.deepEqual(told(limited, "join"), [60_000, true]);
  assert.deepEqual(told(limited, "create"), [60_000, false]);
  const refused = new Failure("RELAY_REFUSED");
  assert.deepEqual(told(refused, "join"), [30_000, false]);
  const unanswered = new Failure("OUTCOME_UNKNOWN");
  assert.deepEqual(told(unanswered, "join"), [5_000, false]);
});

Deno.test("entryFailed: a room that the relay does not know has ended", () => {
  const gone = new Failure("ROOM_NOT_FOUND");
  assert.deepEqual(entryFailed(gone, "join"), { type: "not_found" });
});

Deno.test("isMadeAnew: a room that has ended, by whoever made it and by the first of its members", () => {
  const ended = "it was over";
  assert.equal(isMadeAnew(roomOf({ createdHere: true, ended })), true);
  assert.equal(isMadeAnew(roomOf({ rank: 0, ended })), true);
  assert.equal(isMadeAnew(roomOf({ rank: 1, ended })), false);
  assert.equal(isMadeAnew(roomOf({ ended })), false);
  assert.equal(isMadeAnew(roomOf({ createdHere: true, rank: 0 })), false);
});
