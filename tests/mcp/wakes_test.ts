import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import type { WakeAnswer } from "../../lib/local_api/types/wakes.ts";
import type { WakeOptions } from "../../mcp/wake_ways.ts";
import { somePage } from "../fakes/api_values.ts";
import { McpBed } from "../fakes/mcp_bed.ts";
import { roomName } from "../fakes/plain.ts";

const WAKE: WakeAnswer = {
  wake: {
    ...{ unread: 2, named: 1, cursor: 7, reason: "mention" },
    room: roomName("tea"),
  },
};
const LINE =
  "AgentNet: 2 unread, 1 for you in room tea. Look when it fits your task: agentnet messages (written by AgentNet)";
const ANSWERS = { "GET messages": () => somePage([]) };

/** A server whose client goes by a name, the requests for a wake, and what its inbox was told. */
async function open(change: Partial<WakeOptions> = {}, client = "claude-code") {
  const told: string[] = [];
  const state = { isBroken: false };
  const bed = await McpBed.open(ANSWERS, {
    ...{ watcher: "claude:s", isChannel: false },
    inbox: (text) => {
      told.push(text);
      return state.isBroken
        ? Promise.reject(
          new Failure("WAKE_FAILED", { fields: { reason: "it is gone" } }),
        )
        : Promise.resolve();
    },
    ...change,
  }, client);
  await bed.clock.advance(0);
  const asked = () => bed.calls.filter(({ route }) => route === "GET wake");
  return { bed, told, asked, state };
}

Deno.test("tellWakes: each wake comes to the inbox, in our own words; the daemon is asked under the session's name", async () => {
  const { bed, told, asked } = await open({ wake: "everyone" });
  await using _ = bed;
  assert.deepEqual(Object.fromEntries(asked()[0]?.query ?? []), {
    ...{ watcher: "claude:s", wake: "everyone", wait_ms: "300000" },
  });
  await bed.woken({});
  await bed.woken({ brake: "20 wakes within an hour" });
  assert.deepEqual(told, []);
  await bed.woken(WAKE);
  await bed.woken(WAKE);
  assert.deepEqual(told, [LINE, LINE]);
  assert.equal(asked().length, 5);
  assert.deepEqual(bed.troubles, []);
});

Deno.test("tellWakes: nobody is asked where the client is another program, has no inbox, or is not initialized", async () => {
  for (const client of ["codex", "claude-ai", "Claude-Code", ""]) {
    const { bed, asked } = await open({}, client);
    await using _ = bed;
    assert.equal(asked().length, 0, client);
  }
  const bed = await McpBed.open(
    ANSWERS,
    { watcher: "claude:s", isChannel: false },
    "claude-code",
  );
  await using _ = bed;
  await bed.clock.advance(0);
  assert.ok(bed.calls.every(({ route }) => route !== "GET wake"));
});

Deno.test("tellWakes: an inbox that fails is told once, and left alone after three in a row", async () => {
  const { bed, told, asked, state } = await open();
  await using _ = bed;
  state.isBroken = true;
  await bed.woken(WAKE);
  await bed.woken(WAKE);
  state.isBroken = false;
  await bed.woken(WAKE);
  assert.equal(bed.troubles.length, 1);
  assert.match(bed.troubles[0]?.message ?? "", /inbox: it is gone/);
  state.isBroken = true;
  for (let n = 0; n < 5; n++) await bed.woken(WAKE);
  assert.equal(bed.troubles.length, 2);
  assert.equal(told.length, 6);
  assert.equal(asked().length, 6);
});

Deno.test("tellWakes: a daemon that is away, or older, is asked again in a while; one that another waits at later", async () => {
  const { bed, told, asked } = await open();
  await using _ = bed;
  for (const code of ["NO_DAEMON", "NOT_FOUND"] as const) {
    await bed.woken(new Failure(code));
    const before = asked().length;
    await bed.clock.advance(4_999);
    assert.equal(asked().length, before);
    await bed.clock.advance(1);
    assert.equal(asked().length, before + 1);
  }
  await bed.woken({ replaced: true });
  const before = asked().length;
  await bed.clock.advance(59_999);
  assert.equal(asked().length, before);
  await bed.clock.advance(1);
  await bed.woken(WAKE);
  assert.deepEqual([told, bed.troubles], [[LINE], []]);
});

Deno.test("mcp --channel: the capability is declared, and a wake is an event of the channel, not of the inbox", async () => {
  const { bed, told } = await open({ isChannel: true }, "any");
  await using _ = bed;
  const { experimental } = bed.client.getServerCapabilities() ?? {};
  assert.deepEqual(experimental, { "claude/channel": {} });
  const events: unknown[] = [];
  bed.client.fallbackNotificationHandler = (event) => {
    events.push(event);
    return Promise.resolve();
  };
  await bed.woken(WAKE);
  assert.deepEqual(events, [{
    ...{ jsonrpc: "2.0", method: "notifications/claude/channel" },
    params: { content: LINE, meta: { unread: "2", for_you: "1" } },
  }]);
  assert.deepEqual(told, []);
  const plain = await open();
  await using _plain = plain.bed;
  const none = plain.bed.client.getServerCapabilities();
  assert.equal(none?.experimental, undefined);
});

Deno.test("tellWakes: an identity's session is told by whose name its commands find it", async () => {
  for (const isChannel of [false, true]) {
    const { bed, told } = await open({ isChannel, as: "two" });
    await using _ = bed;
    bed.client.fallbackNotificationHandler = ({ params }) => {
      told.push(`${params?.content}`);
      return Promise.resolve();
    };
    await bed.woken(WAKE);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /agentnet messages --as two \(/);
  }
});

Deno.test("tellWakes: the server ends with its host, though a daemon is waited for that does not come", async () => {
  const { bed, asked } = await open();
  assert.equal(asked().length, 1);
  bed.daemonComes = new Promise(() => {});
  await bed.woken({});
  let isOver = false;
  void bed[Symbol.asyncDispose]().then(() => isOver = true);
  await bed.clock.advance(0);
  assert.ok(isOver);
});
