import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { writeInvite } from "../../lib/invites/invite_text.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import { OWN_ID, someRoom, someStatus } from "../fakes/api_values.ts";
import { type ApiAnswer, CliRig } from "../fakes/cli_rig.ts";
import { roomName } from "../fakes/plain.ts";

const BOB = await Identity.fromSeed(new Uint8Array(32).fill(9));
const RELAY = "wss://relay.example.org/v1/ws";
const OTHER = "wss://other.example.org/v1/ws";

/** A daemon that runs at {@link RELAY} as ada. */
function rig(answers: Record<string, ApiAnswer> = {}): CliRig {
  const made = new CliRig({
    "GET status": () => someStatus(),
    "GET identity": () => ({ id: OWN_ID, name: "ada" }),
    "GET contacts": () => ({ contacts: [] }),
    "POST pin": () => ({ contact: {} }),
    "POST join": () => someRoom(),
    "POST invite": () => ({
      ...{ invite: "agentnet-invite-1.x", room: "tea", relay: RELAY },
      ...{ by: OWN_ID, name: "ada", until: 1_800_000_000_000 },
    }),
    ...answers,
  });
  made.lockHeld = true;
  return made;
}

function invitation(rig: CliRig, change: object = {}): Promise<string> {
  return writeInvite({
    by: BOB.id,
    until: rig.clock.wall() + 60_000,
    room: roomName("tea"),
    name: "bob",
    relay: RELAY,
    ...change,
  }, BOB.sign);
}

Deno.test("invite: one string on standard output, and beside it the text to paste", async () => {
  const { code, stdout, stderr } = await rig().run("invite", "tea");
  assert.deepEqual([code, stdout], [0, "agentnet-invite-1.x\n"]);
  assert.match(stderr, /Join: {2}agentnet join 'agentnet-invite-1\.x'/);
  assert.match(stderr, /binds the program of whoever joins alone/);
  assert.doesNotMatch(stderr, /npx|npm|install/i);
});

Deno.test("invite: of a private room's the text says how many it lets in, and nothing of public ones", async () => {
  const made = rig({
    "POST invite": () => ({
      ...{ invite: "agentnet-invite-1.x", room: "tea", relay: RELAY },
      ...{ by: OWN_ID, name: "ada", until: 1_800_000_000_000 },
      ...{ private: true, uses: 3 },
    }),
  });
  const { stderr } = await made.run("invite", "tea");
  assert.match(stderr, /has this is let in, 3 agents in all/);
  assert.doesNotMatch(stderr, /public room|joins alone/);
});

Deno.test("invite: an install line stands there only where the operator set one, and never for somebody else's package", async () => {
  const made = rig();
  made.env.set("AGENTNET_INSTALL", "npx -y @scope/agentnet@1.2.3");
  const { stderr } = await made.run("invite", "tea");
  assert.match(stderr, /^Get the program: npx -y @scope\/agentnet@1\.2\.3$/m);
  made.env.set("AGENTNET_INSTALL", "npx agentnet");
  assert.equal((await made.run("invite", "tea")).code, 2);
});

Deno.test("invite: a room that is not there is made, one that somebody made meanwhile is joined", async () => {
  const none = () => new Failure("ROOM_NOT_FOUND", { fields: { room: "tea" } });
  const made = rig({ "POST join": none, "POST create": () => someRoom() });
  const { code, stderr } = await made.run("invite", "tea", "--for", "30m");
  assert.equal(code, 0);
  assert.match(stderr, /made the room #tea/);
  const asked = made.calls.find(({ route }) => route === "POST invite");
  assert.deepEqual(asked?.body, { room: "tea", for_ms: 1_800_000 });
  let joins = 0;
  const raced = rig({
    "POST join": () => joins++ === 0 ? none() : someRoom(),
    "POST create": () =>
      new Failure("ROOM_EXISTS", { fields: { room: "tea" } }),
  });
  assert.equal((await raced.run("invite", "tea")).code, 0);
});

Deno.test("invite: uses of a public room, a term out of bounds and no room are wrong use, and nobody is asked", async () => {
  const counted = rig();
  const { code, stderr } = await counted.run("invite", "tea", "--uses", "2");
  assert.equal(code, 2);
  assert.match(stderr, /public room/);
  assert.deepEqual(
    counted.calls.filter(({ route }) => route.startsWith("POST")),
    [],
  );
  const lines = [
    ["tea", "--for", "30s"],
    ["tea", "--for", "91d"],
    ["tea", "--for", "7"],
    ["Tea Room"],
    [],
  ];
  for (const line of lines) {
    const made = rig();
    assert.equal((await made.run("invite", ...line)).code, 2, line.join(" "));
    assert.deepEqual(made.calls, []);
  }
});

Deno.test("join: by an invitation the room is joined and its author kept, from the line, standard input and a file", async () => {
  const ways = [
    (text: string) => ({ args: [text], stdin: "" }),
    (text: string) => ({ args: ["-"], stdin: `${text}\n` }),
    (text: string) => ({ args: ["-"], stdin: `\n \n ${text} \nmore\n` }),
    (text: string) => ({ args: ["--file", "-"], stdin: text }),
    (_: string) => ({ args: ["--file", "/note"], stdin: "" }),
  ];
  for (const way of ways) {
    const made = rig();
    const text = await invitation(made);
    const { args, stdin } = way(text);
    made.stdin = new TextEncoder().encode(stdin);
    made.files.set("/note", `  ${text}\n`);
    const { code, stdout, stderr } = await made.run("join", ...args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^joined\n/);
    assert.match(stderr, /invited by bob \(\w{8}…\), now a contact\n$/);
    const pin = made.calls.find(({ route }) => route === "POST pin");
    assert.deepEqual(pin?.body, { agent: BOB.id, name: "bob" });
    assert.ok(!(stdout + stderr).includes(text));
  }
});

Deno.test("join: asked of an admin who is there, what may be wrong is said beside the answer", async () => {
  for (const connected of [true, false]) {
    const made = rig({
      "POST join_private": () => ({
        ...{ status: "asked", room: someRoom() },
        admin: { id: BOB.id, name: "bob", connected },
      }),
    });
    const sealed = {
      ...{ wire: roomName(`p-${"0".repeat(32)}`), root: "0".repeat(64) },
      seed: new Uint8Array(32).fill(7),
    };
    const text = await invitation(made, { sealed });
    const { code, stdout, stderr } = await made.run("join", text);
    assert.equal(code, 9, stderr);
    assert.match(stdout, /^asked; waits for the daemon of an admin: bob \(/);
    assert.equal(/does not answer/.test(stderr), connected, stderr);
  }
});

Deno.test("join: an invitation that ended is 4, one that was altered 2, and nobody is asked", async () => {
  const cases = [
    [
      4,
      (made: CliRig) => invitation(made, { until: made.clock.wall() - 1000 }),
    ],
    [2, async (made: CliRig) => `${await invitation(made)}A`],
    [2, async (made: CliRig) => (await invitation(made)).replace("-1.", "-2.")],
  ] as const;
  for (const [expected, write] of cases) {
    const made = rig();
    const text = await write(made);
    const { code, stdout, stderr } = await made.run("join", text, "--json");
    assert.equal(code, expected, stderr);
    assert.ok(!(stdout + stderr).includes(text));
    assert.deepEqual(made.calls, []);
  }
});

Deno.test("join: to another relay than this agent's an invitation leads nobody who did not say so", async () => {
  const made = rig();
  const text = await invitation(made, { relay: OTHER });
  const plain = await made.run("join", text);
  assert.equal(plain.code, 2);
  assert.match(
    plain.stderr,
    /is for the relay wss:\/\/other.*--as NAME.*agentnet stop, then --relay wss:\/\/other/,
  );
  const otherwise = await made.run("join", text, "--relay", RELAY);
  assert.equal(otherwise.code, 2);
  // The one that runs has to be stopped first.
  const said = await made.run("join", text, "--relay", OTHER);
  assert.equal(said.code, 1);
  assert.match(said.stderr, /agentnet stop/);
  assert.ok(!made.routes.includes("POST join"));
});

Deno.test("join: of a room that has ended an invitation leads to no other of its name", async () => {
  const none = () => new Failure("ROOM_NOT_FOUND", { fields: { room: "tea" } });
  const made = rig({ "POST join": none });
  const { code, stderr } = await made.run("join", await invitation(made));
  assert.equal(code, 4);
  assert.match(stderr, /no room 'tea'.*; it has ended, .*agentnet invite ROOM/);
  assert.doesNotMatch(stderr, /agentnet create/);
});

Deno.test("join: a relay that the environment names is this agent's too", async () => {
  const made = rig();
  made.lockHeld = false;
  made.env.set("AGENTNET_RELAY", RELAY);
  const text = await invitation(made, { relay: OTHER });
  assert.equal((await made.run("join", text)).code, 2);
});

Deno.test("join: what a relay wants to be older is waited out, with a countdown", async () => {
  let joins = 0;
  const asked = Promise.withResolvers<void>();
  const made = rig({
    "POST join": () => {
      if (joins++ > 0) return someRoom();
      asked.resolve();
      return new Failure("TOO_NEW", { retryAfterMs: 25_000 });
    },
  });
  const text = await invitation(made, { until: made.clock.wall() + 600_000 });
  const running = made.run("join", text);
  // Until then it reads files.
  await asked.promise;
  for (let s = 0; s < 30; s++) await made.clock.advance(1_000);
  const { code, stderr } = await running;
  assert.equal(code, 0);
  const told = [...stderr.matchAll(/next try in (\d+)s/g)].map(([, s]) => s);
  assert.deepEqual(told, ["26", "16", "6"]);
});

Deno.test("join: a room's name takes no flags of invitations, and something has to be named, once", async () => {
  const lines = [
    ["tea", "--relay", RELAY],
    ["tea", "--name", "ada"],
    ["tea", "--file", "/note"],
    [],
  ];
  for (const line of lines) {
    assert.equal((await rig().run("join", ...line)).code, 2, line.join(" "));
  }
  const made = rig();
  made.stdin = new TextEncoder().encode("look: agentnet-invite-1.x");
  assert.equal((await made.run("join", "-")).code, 2);
});

Deno.test("send: an invitation is held back", async () => {
  const made = rig({ "POST send": () => new Failure("INTERNAL") });
  const text = await invitation(made);
  for (const line of [text, `join with ${text}, please`, `'${text}'`]) {
    const { code, stderr } = await made.run("send", "tea", line);
    assert.equal(code, 8);
    assert.match(stderr, /AgentNet invitation, line 1/);
    assert.ok(!stderr.includes(text));
  }
  assert.ok(!made.routes.includes("POST send"));
});
