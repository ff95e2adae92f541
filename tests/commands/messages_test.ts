import assert from "node:assert/strict";
import { someMessage, somePage } from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";
import { reads, rigOf, texts } from "../fakes/unread_rig.ts";

Deno.test("messages: what was shown is marked read, to the last cursor shown", async () => {
  const rig = rigOf(texts("one", "two"));
  await rig.run("messages");
  assert.deepEqual(reads(rig), [{ cursor: 2 }]);
});

Deno.test("messages ROOM: asks and marks that room alone, its name lowered", async () => {
  const rig = rigOf(texts("one"));
  await rig.run("messages", "#Tea");
  assert.equal(rig.calls[0]?.query.room, "tea");
  assert.deepEqual(reads(rig), [{ cursor: 1, room: "tea" }]);
});

Deno.test("messages: --peek, --after, --all and --count mark nothing", async () => {
  for (const flags of [["--peek"], ["--after", "3"], ["--all"], ["--count"]]) {
    const rig = rigOf(texts("one"));
    rig.answers["GET count"] = () => ({ count: 1 });
    assert.equal((await rig.run("messages", ...flags)).code, 0);
    assert.deepEqual(reads(rig), [], `${flags}`);
  }
});

Deno.test("messages: what could not be written is not marked read", async () => {
  for (const json of [[], ["--json"]]) {
    const rig = rigOf(texts("one", "two"));
    rig.stdoutRoom = 20;
    const { code, stderr } = await rig.run("messages", ...json);
    assert.equal(code, 1);
    assert.match(stderr, /^agentnet: [^\n]+ counts as unread\n$/);
    assert.deepEqual(reads(rig), []);
  }
});

Deno.test("messages: nothing unread is 0 and says so; nothing is marked", async () => {
  const rig = rigOf([]);
  const { code, stdout } = await rig.run("messages");
  assert.deepEqual([code, stdout], [0, "no new messages\n"]);
  assert.deepEqual(reads(rig), []);
});

Deno.test("messages --wait: asks for so long, and with nothing is 6", async () => {
  const rig = rigOf([]);
  const text = await rig.run("messages", "--wait", "2m");
  assert.deepEqual([text.code, text.stdout], [6, ""]);
  assert.equal(rig.calls[0]?.query.wait_ms, "120000");
  const json = await rig.run("messages", "--wait", "1s", "--json");
  assert.equal(json.code, 6);
  const value = JSON.parse(json.stdout);
  assert.equal(value.error.code, "NOTHING_CAME");
  assert.deepEqual(value.messages, []);
});

Deno.test("messages --count: a number, and 6 for none", async () => {
  const rig = new CliRig({ "GET count": () => ({ count: 0 }) });
  assert.deepEqual(await rig.run("messages", "--count"), {
    code: 6,
    stdout: "0\n",
    stderr: "",
  });
});

Deno.test("messages --from, --mention, --limit: go to the daemon as they are", async () => {
  const rig = rigOf([]);
  await rig.run("messages", "--from", "bob", "--mention", "--limit", "5");
  assert.deepEqual(rig.calls[0]?.query, {
    from: "bob",
    mention: "true",
    limit: "5",
  });
});

Deno.test("messages --from: what the filter left out stays unread", async () => {
  const all = texts("one", "two", "three");
  const rig = new CliRig({
    "GET messages": ({ query }: ApiCall) =>
      somePage(query.from === undefined ? all : [all[0]!, all[2]!]),
    "POST read": () => ({ status: "ok" }),
  });
  await rig.run("messages", "--from", "bob");
  assert.deepEqual(reads(rig), [{ cursors: [1, 3] }]);
});

Deno.test("messages: what is left, dropped and missing is said", async () => {
  const rig = rigOf(texts("one"), {
    remaining: 4,
    dropped: 2,
    gaps: [{ room: "tea", count: 3, after: 0, before: 1 }],
  });
  const { stdout } = await rig.run("messages");
  assert.match(stdout, /\n4 more: agentnet messages\n/);
  assert.match(stdout, /\n2 unread messages fell out/);
  assert.match(stdout, /\ngap: 3 messages of #tea/);
});

Deno.test("messages: one that is left, dropped or missing is told as one", async () => {
  const rig = rigOf(texts("one"), {
    remaining: 1,
    dropped: 1,
    gaps: [{ room: "tea", count: 1, after: 0, before: 1 }],
  });
  const { stdout } = await rig.run("messages");
  assert.match(stdout, /\n1 unread message fell out .* may still have it\n/);
  assert.match(stdout, /\ngap: 1 message of #tea could not be had/);
});

Deno.test("messages: a gap that nothing came after is shown, and named as shown; with --peek it is not", async () => {
  const open = { room: "tea", after: 1, before: 0 };
  const between = { room: "lab", count: 2, after: 1, before: 3 };
  const rig = rigOf([], { gaps: [open, between] });
  const { stdout } = await rig.run("messages");
  assert.match(
    stdout,
    /gap: messages of #tea may be missing; nobody knows how many\n/,
  );
  assert.deepEqual(reads(rig), [{ gaps: [open] }]);
  const peeking = rigOf([], { gaps: [open] });
  await peeking.run("messages", "--peek");
  assert.deepEqual(reads(peeking), []);
});

for (const how of [[], ["--json"]]) {
  Deno.test(`messages --wait ${how}: where nothing came, what could not be had is told once, and named as shown`, async () => {
    const open = { room: "tea", after: 1, before: 0 };
    const rig = rigOf([], { gaps: [open] });
    const { code, stdout, stderr } = await rig.run(
      ...["messages", "--wait", "1s", ...how],
    );
    assert.equal(code, 6);
    if (how.length === 0) assert.match(stderr, /gap: messages of #tea/);
    else assert.deepEqual(JSON.parse(stdout).gaps, [open]);
    assert.deepEqual(reads(rig), [{ gaps: [open] }]);
    const peeking = rigOf([], { gaps: [open] });
    await peeking.run("messages", "--wait", "1s", "--peek", ...how);
    assert.deepEqual(reads(peeking), []);
  });
}

Deno.test("messages: a name that is another's and a muted author are marked beside the key, inside the fence", async () => {
  const messages = [
    someMessage({ text: "a fake", name_conflict: "bob ✓", muted: true }),
  ];
  const rig = new CliRig({ "GET messages": () => somePage(messages) });
  const { stdout } = await rig.run("messages", "--all");
  const line = stdout.split("\n")[1] ?? "";
  assert.match(
    line,
    /bob·\w{8} ✓ ⚠ not the bob ‹U\+2713› you know muted: a fake$/,
  );
  const { stdout: json } = await rig.run("messages", "--all", "--json");
  assert.deepEqual(JSON.parse(json).messages, messages);
});
