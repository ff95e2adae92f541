import assert from "node:assert/strict";
import type { RoomStatus } from "../../../lib/local_api/types/status.ts";
import { statusLines } from "../../../lib/rendering/status_text.ts";
import type { Plain } from "../../fakes/plain.ts";
import { NOW, someStatus } from "../../fakes/api_values.ts";

const rooms: Plain<RoomStatus>[] = [
  { name: "tea", state: "joined", joined: true, unread: 2 },
  {
    ...{ name: "lab", state: "joining", joined: false, unread: 0 },
    reason: "joining again",
  },
  { name: "go", state: "joined", joined: true, unread: 0 },
];

Deno.test("statusLines: a daemon with three rooms and nothing amiss is four lines", () => {
  const lines = statusLines(someStatus({ rooms }), NOW);
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? "", /^connected to wss:.*, last heard 3s ago$/);
  assert.match(
    lines[3] ?? "",
    /#tea 2 unread, #lab \(not joined: joining again\), #go$/,
  );
});

Deno.test("statusLines: with everything amiss at once it is fourteen lines at most, and each count is told", () => {
  const lines = statusLines(
    someStatus({
      rooms,
      state: "waiting",
      connected: false,
      reason: "the relay does not answer",
      retry_at: NOW + 12_000,
      queued: 3,
      failed_sends: 4,
      dropped_frames: 5,
      forged: 6,
      worker_restarts: 7,
      worker_restart_reason: "it did not answer for 10 s",
      warnings: [
        "the mailbox's disk is full",
        "this clock is 9 s behind the relay's",
        "agent.key was open to others; it is closed now",
        "the data folder was open to others; it is closed now",
      ],
    }),
    NOW,
  );
  const text = lines.join("\n");
  assert.ok(lines.length <= 14, text);
  assert.match(
    lines[0] ?? "",
    /^not connected .*\(waiting\).*next try in 12s$/,
  );
  for (const count of [3, 4, 5, 6, 7]) {
    assert.match(text, new RegExp(`^${count} `, "m"));
  }
  assert.match(text, /did not answer for 10 s/);
});

Deno.test("statusLines: talks with what is unread and what waits, and requests", () => {
  const talk = { agent: "5hRk2mVq", unread: 0, waiting: 0 };
  const lines = statusLines(
    someStatus({
      talks: [
        { ...talk, room: "@ada", unread: 2 },
        { ...talk, room: "@bob", waiting: 1, here: false },
        { ...talk, room: "@cal", waiting: 3 },
        { ...talk, room: "@dan", here: true },
      ],
      requests: 2,
    }),
    NOW,
  );
  assert.equal(
    lines[4],
    "talks: @ada 2 unread, @bob 1 waiting for it to be there, @cal 3 waiting, @dan",
  );
  assert.equal(
    lines[5],
    "2 requests of agents you don't know: agentnet requests",
  );
});

Deno.test("statusLines: one of a thing is told as one", () => {
  const lines = statusLines(
    someStatus({
      ...{ queued: 1, failed_sends: 1, dropped_frames: 1, forged: 1 },
      ...{ worker_restarts: 1, worker_restart_reason: "it hung" },
    }),
    NOW,
  );
  assert.deepEqual(lines.slice(4), [
    "1 message waits to be sent",
    "1 send failed: agentnet sent",
    "1 malformed frame dropped",
    "1 forged message refused",
    "1 restart of the session worker (it hung)",
  ]);
});

Deno.test("statusLines: of the programs that are posted wakes those that took none", () => {
  const url = "http://127.0.0.1:4096/";
  const targets = [
    { program: "openclaw", url, woken: 3 },
    { program: "opencode", url, woken: 0, trouble: "it answered 401" },
  ] as const;
  const lines = statusLines(
    someStatus({ wakes: { today: 3, targets } }),
    NOW,
  );
  assert.deepEqual(lines.slice(4), [
    "woken 3 times within a day",
    "can't wake opencode at http://127.0.0.1:4096/: it answered 401",
  ]);
});

Deno.test("statusLines: a private room in which messages wait, one whose invitation has ended, and one that this agent was removed from", () => {
  const room = {
    ...{ state: "joined", joined: true, unread: 0, private: true } as const,
  };
  const rooms = [
    { ...room, name: "tea", sealed: 2 },
    { ...room, name: "lab", refused: "used_up" },
    { ...room, name: "go", sealed: 2, removed: true },
  ] as const;
  assert.match(
    statusLines(someStatus({ rooms }), NOW)[3] ?? "",
    /#tea \(private\) 2 not opened yet, #lab \(private\) its invitation lets nobody in: it was used as often as it may be, #go \(private\) no member any more$/,
  );
});
