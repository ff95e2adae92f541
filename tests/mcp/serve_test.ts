import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import {
  OWN_ID,
  someMessage,
  somePage,
  someStatus,
} from "../fakes/api_values.ts";
import { type Call, McpBed } from "../fakes/mcp_bed.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";

const noMessages = ({ query }: Call) =>
  somePage(
    query.has("after") ? [] : [someMessage(), someMessage({ cursor: 8 })],
  );

Deno.test("messages: read is what stood in an answer, and no sooner than it went out", async () => {
  await using bed = await McpBed.open({
    "GET messages": noMessages,
    "POST read": () => ({ status: "ok" }),
  });
  assert.match(await bed.text("messages"), /Assam, please/);
  // The next call waits for the mark of the last one.
  await bed.text("messages", { peek: true });
  assert.deepEqual(bed.reads, [{ cursor: 8, shown: [7, 8] }]);
  for (const input of [{ peek: true }, { all: true }, { after: 3 }]) {
    await bed.text("messages", input);
  }
  assert.equal(bed.reads.length, 1);
});

Deno.test("messages: a call that is cancelled marks nothing", async () => {
  await using bed = await McpBed.open({
    "GET messages": noMessages,
    "POST read": () => ({ status: "ok" }),
  });
  const stop = new AbortController();
  const waiting = bed.client.callTool(
    { name: "messages", arguments: { wait_seconds: 50 } },
    undefined,
    { signal: stop.signal },
  );
  await Promise.resolve();
  stop.abort();
  await assert.rejects(waiting);
  await bed.text("whoami");
  assert.deepEqual(bed.reads, []);
});

Deno.test("messages: any hostile text is one line of a fence, within the budget", async () => {
  let text = "";
  await using bed = await McpBed.open({
    "GET messages": ({ query }) =>
      somePage(query.has("after") ? [] : [someMessage({ text })]),
  });
  for (const hostile of HOSTILE_TEXTS) {
    text = hostile.text;
    const shown = await bed.text("messages", { peek: true, max_bytes: 2_000 });
    assert.ok(new TextEncoder().encode(shown).length <= 2_000, hostile.kind);
    const lines = shown.trimEnd().split("\n");
    assert.equal(lines.length, 3, `${hostile.kind}: ${shown}`);
    assert.match(lines[0] ?? "", /^⟦untrusted \w{8}: /);
    assert.match(lines[1] ?? "", /^7 07:59 #tea .* ✓: /);
    assert.match(lines[2] ?? "", /^⟦end \w{8}⟧$/);
  }
});

Deno.test("show, reply: say whose message is meant where several agents used its id", async () => {
  await using bed = await McpBed.open({
    "GET messages": () => somePage([]),
    "GET message": ({ query }) =>
      query.get("from") === "5hRk"
        ? { message: someMessage() }
        : new Failure("ID_AMBIGUOUS", { fields: { id: "x", who: "a, b" } }),
    "POST send": () => ({
      ...{ status: "accepted", id: "m1", bytes: 1, sha256: "0", room: "tea" },
    }),
  });
  for (const [tool, rest] of [["show", {}], ["reply", { text: "Yes" }]]) {
    const input = { message: "x", ...rest as object };
    assert.match(await bed.text(tool as string, input), /^ID_AMBIGUOUS: /);
    const whose = { ...input, from: "5hRk" };
    assert.doesNotMatch(await bed.text(tool as string, whose), /AMBIGUOUS/);
  }
});

/** One as `agentnet invite` prints it. */
const INVITATION =
  "agentnet-invite-1.AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIsAGtJ4BADdGVhA2FkYQAdd3NzOi8vcmVsYXkuZXhhbXBsZS5vcmcvdjEvd3Ml-LyWt9RvhB6JDXD-oNVxzOp_InVdF9VQ_vkeNeuVFGCDkXzXLQbTsAmvj61UwD_cEOjWhFKxXL_l453WMdgL";

Deno.test("send: a secret, a wrong room and an unknown outcome are errors that say what to do", async () => {
  await using bed = await McpBed.open({
    "GET messages": () => somePage([]),
    "GET identity": () => ({ id: OWN_ID, name: "ada" }),
    "POST send": () => ({
      ...{ status: "unknown", id: "m1", bytes: 1, sha256: "0", room: "tea" },
    }),
  });
  const secret = "key: ghp_R7kQ2mZx9LwT4vBn8JcY6sHd1FgA3pKe5UaX";
  const errors: [Record<string, unknown>, RegExp][] = [
    [{ room: "tea", text: secret }, /^SECRET_HELD_BACK: /],
    [{ room: "tea", text: "my a-token-of-the-bed" }, /^SECRET_HELD_BACK: /],
    [
      {
        room: "tea",
        text: INVITATION,
      },
      /^SECRET_HELD_BACK: /,
    ],
    [{ room: "no room", text: "x" }, /^ROOM_NAME_INVALID: /],
    [{ room: "tea", text: "a\bc" }, /^TEXT_INVALID: /],
    [{ room: "tea", text: "x" }, /OUTCOME_UNKNOWN: .*--id m1/],
  ];
  for (const [input, words] of errors) {
    const result = await bed.client.callTool({
      name: "send",
      arguments: input,
    });
    assert.equal(result.isError, true);
    const [first] = result.content as { text: string }[];
    assert.match(first?.text ?? "", words);
    assert.equal(first?.text.includes("ghp_"), false);
  }
  const sends = bed.calls.filter(({ route }) => route === "POST send");
  assert.equal(sends.length, 1);
});

Deno.test("serveMcp: a daemon that fails is told once, and asked again after a while", async () => {
  let fails = true;
  await using bed = await McpBed.open({
    "GET messages": () => fails ? new Failure("BAD_TOKEN") : somePage([]),
    "GET status": () => someStatus(),
  });
  await bed.text("status");
  await bed.clock.advance(5_000);
  await bed.clock.advance(5_000);
  assert.deepEqual(bed.troubles.map(({ code }) => code), ["BAD_TOKEN"]);
  const before = bed.calls.length;
  fails = false;
  await bed.clock.advance(5_000);
  await bed.text("status");
  assert.ok(bed.calls.length > before + 1);
});

Deno.test("serveMcp: it ends with its host, though a daemon is waited for that does not come", async () => {
  const bed = await McpBed.open({ "GET messages": () => somePage([]) });
  await bed.clock.advance(0);
  bed.daemonComes = new Promise(() => {});
  await bed.arrive([someMessage()]);
  let isOver = false;
  void bed[Symbol.asyncDispose]().then(() => isOver = true);
  await bed.clock.advance(0);
  assert.ok(isOver);
});
