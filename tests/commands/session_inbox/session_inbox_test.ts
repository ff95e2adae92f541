import assert from "node:assert/strict";
import {
  type InboxConnection,
  type InboxSystem,
  SessionInbox,
  type SocketFacts,
} from "../../../commands/session_inbox/session_inbox.ts";
import { Failure } from "../../../lib/errors.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const TOKEN = "a-token-of-the-session";
const PATH = "/run/cc/1.sock";
const TEXT = "AgentNet: 1 unread, 1 for you.";
const OURS = 1000;

const SOCKET: SocketFacts = {
  ...{ isSocket: true, isDirectory: false, uid: OURS, mode: 0o140_600 },
};
const FOLDER: SocketFacts = {
  ...{ isSocket: false, isDirectory: true, uid: OURS, mode: 0o40_700 },
};

/** A host behind a socket; what it was told, and whether its connection is still open. */
class FakeHost implements InboxConnection {
  told = "";
  isOpen = true;
  /** It takes so many bytes a write. */
  slice = 7;
  answer: (() => Promise<Uint8Array | null>) | undefined;

  write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, this.slice);
    this.told += new TextDecoder().decode(part);
    return Promise.resolve(part.length);
  }

  closeWrite(): Promise<void> {
    this.told += "<end>";
    return Promise.resolve();
  }

  async read(into: Uint8Array): Promise<number | null> {
    const bytes = await this.answer?.() ?? null;
    if (bytes === null) return null;
    into.set(bytes);
    return bytes.length;
  }

  [Symbol.dispose](): void {
    this.isOpen = false;
  }
}

function rig(change: Partial<InboxSystem> & {
  readonly socket?: Partial<SocketFacts>;
  readonly folder?: Partial<SocketFacts>;
} = {}) {
  const { socket, folder, ...system } = change;
  const clock = new FakeClock();
  const host = new FakeHost();
  const connected: string[] = [];
  const inbox = new SessionInbox({ path: PATH, token: TOKEN, session: "s" }, {
    clock,
    facts: (path) =>
      Promise.resolve(
        path === PATH ? { ...SOCKET, ...socket } : { ...FOLDER, ...folder },
      ),
    connect: (path) => {
      connected.push(path);
      return Promise.resolve(host);
    },
    ownUid: () => Promise.resolve(OURS),
    randomId: () => "an-id",
    ...system,
  });
  return { inbox, host, clock, connected };
}

/** Why it was not told; the token is never in it. */
async function refusal(telling: Promise<void>): Promise<string> {
  const failure = await telling.then(() => null, (thrown) => thrown);
  assert.ok(failure instanceof Failure, "it was told");
  assert.equal(failure.code, "WAKE_FAILED");
  const all = `${failure.message}${failure.fix}${failure.stack}`;
  assert.ok(!all.includes(TOKEN));
  return failure.reason ?? "";
}

Deno.test("SessionInbox.tell: who speaks, the text, the end, in lines of JSON; done when the session hangs up", async () => {
  const { inbox, host, connected } = rig();
  await inbox.tell(TEXT);
  const lines = host.told.split("\n");
  assert.equal(lines.pop(), "<end>");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    { type: "auth", token: TOKEN },
    {
      ...{ type: "user", msgV: 1, msg_id: "an-id", priority: "next" },
      message: {
        role: "user",
        content:
          `<cross-session-message from-name="agentnet">\n${TEXT}\n</cross-session-message>`,
      },
    },
  ]);
  assert.deepEqual(connected, [PATH]);
  assert.equal(host.isOpen, false);
});

Deno.test("SessionInbox.tell: no byte goes to what is a link, no socket, another user's, or where others could have put it", async () => {
  const cases: [Parameters<typeof rig>[0], RegExp][] = [
    [{ socket: { isSocket: false } }, /no socket/],
    [{ socket: { uid: 1001 } }, /this user's/],
    [{ socket: { uid: 0 } }, /this user's/],
    [{ socket: { uid: null } }, /this user's/],
    [{ ownUid: () => Promise.resolve(null) }, /this user's/],
    [{ folder: { isDirectory: false } }, /folder/],
    [{ folder: { uid: 1001 } }, /folder/],
    [{ folder: { mode: 0o40_777 } }, /folder/],
    [{ folder: { mode: 0o40_720 } }, /folder/],
  ];
  for (const [change, reason] of cases) {
    const { inbox, connected } = rig(change);
    assert.match(await refusal(inbox.tell(TEXT)), reason);
    assert.deepEqual(connected, []);
  }
  // As /tmp is.
  const shared = rig({ folder: { uid: 0, mode: 0o41_777 } });
  await shared.inbox.tell(TEXT);
});

Deno.test("SessionInbox.tell: what the system says is a reason in words", async () => {
  const { errors } = Deno;
  const cases: [Error, RegExp][] = [
    [new errors.NotFound("x"), /^it is gone$/],
    [new errors.ConnectionRefused("x"), /^nobody listens$/],
    [new errors.NotCapable("x"), /not allowed to reach it/],
    [new errors.BrokenPipe("Broken pipe (os error 32)"), /Broken pipe/],
  ];
  for (const [error, reason] of cases) {
    const { inbox } = rig({ connect: () => Promise.reject(error) });
    assert.match(await refusal(inbox.tell(TEXT)), reason);
  }
});

Deno.test("SessionInbox.tell: a session that never reads, or answers without end, is given up and hung up on", async () => {
  const { inbox, host, clock } = rig();
  host.answer = () => new Promise(() => {});
  const telling = refusal(inbox.tell(TEXT));
  await clock.advance(9_999);
  assert.equal(host.isOpen, true);
  await clock.advance(1);
  assert.match(await telling, /nobody reads it/);
  assert.equal(host.isOpen, false);
  const talks = rig();
  let answers = 0;
  talks.host.answer = () =>
    Promise.resolve(new Uint8Array(1024).fill(++answers));
  await talks.inbox.tell(TEXT);
  assert.equal(answers, 64);
  assert.equal(talks.host.isOpen, false);
});

Deno.test("SessionInbox.tell: a connection that comes too late is hung up on, with nothing said", async () => {
  const late = Promise.withResolvers<InboxConnection>();
  const { inbox, host, clock } = rig({ connect: () => late.promise });
  const telling = refusal(inbox.tell(TEXT));
  await clock.advance(10_000);
  assert.match(await telling, /nobody reads it/);
  late.resolve(host);
  await clock.advance(0);
  assert.deepEqual([host.told, host.isOpen], ["", false]);
});
