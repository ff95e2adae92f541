import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { someMessage, somePage, someStatus } from "../fakes/api_values.ts";
import { CliRig } from "../fakes/cli_rig.ts";

/** A daemon in tea and lab, without messages of other rooms but those given. */
function rigWith(messages: ReturnType<typeof someMessage>[] = []): CliRig {
  const rooms = ["tea", "lab"].map((name) => ({
    ...{ name, state: "waiting" as const, joined: false, unread: 0 },
  }));
  return new CliRig({
    "GET status": () => someStatus({ rooms }),
    "GET count": () => ({ count: messages.length }),
    "GET messages": () => somePage(messages),
    "POST read": () => ({ status: "ok" }),
  });
}

const SAYS =
  /^agentnet: this agent is not in the room 'nix'; join it first: agentnet join nix; it is in tea, lab\n$/;

Deno.test("messages ROOM: of a room that this agent is not in it says so and how to join, and is 0", async () => {
  const text = await rigWith().run("messages", "nix");
  assert.deepEqual([text.code, text.stdout], [0, "no new messages\n"]);
  assert.match(text.stderr, SAYS);
  const json = await rigWith().run("messages", "nix", "--json");
  assert.equal(json.code, 0);
  assert.equal(JSON.parse(json.stdout).not_joined, true);
});

Deno.test("messages ROOM --wait, --follow: nothing will come, so it is refused at once with 4", async () => {
  for (
    const flags of [["--wait", "1s"], ["--follow"], ["--count", "--wait", "1s"]]
  ) {
    const rig = rigWith();
    const answer = await rig.run("messages", "nix", ...flags);
    assert.deepEqual([answer.code, answer.stdout], [4, ""]);
    assert.match(answer.stderr, /not in the room 'nix'.*join nix/);
    assert.ok(rig.calls.every(({ query }) => query.wait_ms === undefined));
    const json = await rigWith().run("messages", "nix", "--json", ...flags);
    assert.equal(JSON.parse(json.stdout).error.code, "NOT_IN_ROOM");
  }
});

Deno.test("messages ROOM --count: says so too", async () => {
  const { code, stdout, stderr } = await rigWith().run(
    ...["messages", "nix", "--count"],
  );
  assert.deepEqual([code, stdout], [6, "0\n"]);
  assert.match(stderr, SAYS);
});

Deno.test("messages ROOM: nothing is said of a room that it is in, or whose messages there are", async () => {
  for (const wait of [[], ["--wait", "1s"]]) {
    const joined = await rigWith().run("messages", "tea", ...wait);
    assert.doesNotMatch(joined.stderr, /not in the room/);
    const left = await rigWith([someMessage({ room: "nix" })])
      .run("messages", "nix", "--json", ...wait);
    assert.equal(left.stderr, "");
    assert.equal("not_joined" in JSON.parse(left.stdout), false);
    const all = await rigWith().run("messages", ...wait);
    assert.doesNotMatch(all.stderr, /not in the room/);
  }
});

Deno.test("messages ROOM: of many rooms some are named; in none it says so", async () => {
  const rig = rigWith();
  const rooms = Array.from({ length: 9 }, (_, i) => ({
    ...{ name: `r${i}`, state: "joined" as const, joined: true, unread: 0 },
  }));
  rig.answers["GET status"] = () => someStatus({ rooms });
  const many = await rig.run("messages", "nix");
  assert.match(many.stderr, /it is in r0, r1, r2, r3, r4 and 4 more\n$/);
  rig.answers["GET status"] = () => someStatus({ rooms: [] });
  const none = await rig.run("messages", "nix");
  assert.match(none.stderr, /; it is in no room\n$/);
});

Deno.test("messages ROOM: of a room that has ended it is said too, and it is none of those it is in", async () => {
  const rig = rigWith();
  rig.answers["GET status"] = () =>
    someStatus({
      rooms: [{
        ...{ name: "old", state: "ended", joined: false, unread: 0 },
        reason: "the room has ended",
      }],
    });
  const { stderr } = await rig.run("messages", "old");
  assert.match(stderr, /not in the room/);
  assert.match(stderr, /no room/);
});

Deno.test("search --room: of a room that this agent is not in says so", async () => {
  const rig = rigWith();
  rig.answers["GET search"] = () => somePage([]);
  const { code, stdout } = await rig.run("search", "earl", "--room", "te");
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^no message holds these words\nthis agent is not in the room 'te'; did you mean 'tea'/,
  );
});

Deno.test("files: of a room that this agent is not in it is refused with 4, of one whose messages there are it is told that none has a file", async () => {
  const rig = rigWith();
  rig.answers["GET files"] = () => somePage([]);
  const { code, stdout, stderr } = await rig.run("files", "nix");
  assert.deepEqual([code, stdout], [4, ""]);
  assert.match(stderr, SAYS);
  const json = await rig.run("files", "te", "--json");
  assert.equal(json.code, 4);
  assert.equal(JSON.parse(json.stdout).error.code, "NOT_IN_ROOM");
  assert.match(json.stdout, /did you mean 'tea', which it is in/);
  const own = await rig.run("files", "tea", "--json");
  assert.deepEqual(JSON.parse(own.stdout), { room: "tea", files: [] });
  const left = rigWith([someMessage({ room: "nix" })]);
  left.answers["GET files"] = () => somePage([]);
  assert.equal((await left.run("files", "nix")).stdout, "no files\n");
  const asked = left.calls.find(({ route }) => route === "GET count");
  assert.deepEqual(asked?.query, { room: "nix", all: "true" });
});

Deno.test("who, leave, history: a wrong room names the one that may be meant", async () => {
  for (const command of ["who", "leave", "history"]) {
    const rig = rigWith();
    const wrong = () => new Failure("NOT_IN_ROOM", { fields: { room: "te" } });
    for (const route of ["GET members", "POST leave", "GET history"]) {
      rig.answers[route] = wrong;
    }
    const { code, stderr } = await rig.run(command, "te");
    assert.equal(code, 4);
    assert.match(stderr, /did you mean 'tea', which it is in\?/);
  }
});

Deno.test("history: the line for older ones names the relay's number of the oldest that was shown, and --before takes it", async () => {
  const rig = rigWith();
  rig.answers["GET history"] = () => ({
    ...{ room: "tea", has_more: true },
    messages: [someMessage({ seq: 70 }), someMessage({ id: "x", seq: 71 })],
  });
  const { stdout } = await rig.run("history", "tea", "--limit", "2");
  const line = "history --limit 2 --before 70 tea";
  assert.ok(stdout.endsWith(`\nolder ones: agentnet ${line}\n`), stdout);
  await rig.run(...line.split(" "));
  assert.deepEqual(rig.calls.at(-1)?.query, {
    ...{ room: "tea", limit: "2", before_seq: "70" },
  });
  for (const other of ["--digest", "--skip=2"]) {
    const mixed = await rig.run("history", "tea", "--before", "70", other);
    assert.equal(mixed.code, 2);
  }
});
