import assert from "node:assert/strict";
import { CliRig } from "../fakes/cli_rig.ts";
import { somePage } from "../fakes/api_values.ts";
import { reads, rigOf, shownOf, texts } from "../fakes/unread_rig.ts";

Deno.test("messages: what was shown is told to the daemon, so that it can be shown again", async () => {
  const rig = rigOf(texts("one", "two"));
  await rig.run("messages");
  assert.deepEqual(shownOf(rig), [[1, 2]]);
});

Deno.test("messages --last, --skip: asked for, and exactly those that were shown are marked read", async () => {
  const rig = rigOf(texts("one", "two"), { remaining: 7 });
  const { stdout } = await rig.run("messages", "--last", "2", "--skip", "3");
  const [{ query } = { query: {} }] = rig.calls;
  assert.deepEqual(query, { last: "2", skip: "3" });
  assert.deepEqual(reads(rig), [{ cursors: [1, 2] }]);
  assert.match(
    stdout,
    /\n3 were skipped\n4 older: agentnet messages --last 2 --skip 3\n$/,
  );
  const skipping = rigOf(texts("one", "two"), { remaining: 7 });
  const { stdout: rest } = await skipping.run("messages", "--skip", "3");
  assert.deepEqual(reads(skipping), [{ cursors: [1, 2] }]);
  assert.match(rest, /\n3 were skipped\n4 more: agentnet messages --skip 3\n$/);
});

Deno.test("messages --last: where not all fit the newest do, and they alone count as read", async () => {
  const rig = rigOf(texts(...Array(40).fill("x".repeat(900))));
  const { stdout } = await rig.run("messages", "--last", "40");
  const [{ cursors = [] } = {}] = reads(rig) as { cursors?: number[] }[];
  assert.ok(cursors.length > 10 && cursors.length < 20);
  assert.equal(cursors.at(-1), 40);
  assert.ok(new TextEncoder().encode(stdout).length <= 16_000);
  assert.match(
    stdout,
    new RegExp(
      `\n${40 - cursors.length} older: agentnet messages --last 40\n$`,
    ),
  );
});

Deno.test("messages --peek, --all: the line for more goes on behind what was shown", async () => {
  for (
    const [flags, line] of [
      [["--last", "2", "--peek"], "--peek --last 2 --skip 2"],
      [["--peek"], "--peek --skip 2"],
      [["--peek", "--from", "bob"], "--peek --skip 2 --from bob"],
      [["--after", "0", "--mention"], "--after 2 --mention"],
      [["--all"], "--all --skip 2"],
    ] as const
  ) {
    const rig = rigOf(texts("one", "two"), { remaining: 7 });
    const { stdout } = await rig.run("messages", ...flags);
    assert.ok(stdout.endsWith(`: agentnet messages ${line}\n`), stdout);
    assert.deepEqual(reads(rig), []);
  }
});

Deno.test("messages --from, --mention: the line for more is the same one, since what was shown is read", async () => {
  for (const flags of [["--from", "bob"], ["--mention"]]) {
    const rig = rigOf(texts("one", "two"), { remaining: 7 });
    const { stdout } = await rig.run("messages", ...flags);
    assert.ok(
      stdout.endsWith(`: agentnet messages ${flags.join(" ")}\n`),
      stdout,
    );
    assert.deepEqual(reads(rig), [{ cursors: [1, 2] }]);
  }
});

Deno.test("messages --again: asks for the last page, marks nothing, and says where there is none", async () => {
  const rig = rigOf(texts("one"));
  const { stdout } = await rig.run("messages", "--again");
  assert.deepEqual(rig.calls.at(-1)?.query, { again: "true" });
  assert.match(stdout, /: one\n⟦end \w+⟧\n$/);
  assert.deepEqual(reads(rig), []);
  const none = await rigOf([]).run("messages", "--again");
  assert.deepEqual([none.code, none.stdout], [
    0,
    "no page was shown that is still here\n",
  ]);
});

Deno.test("messages --digest: asks for it with room and filter, within 2,000 bytes or a bound of its own, and marks nothing", async () => {
  const part = { count: 40, told: texts(...Array(20).fill("y".repeat(100))) };
  const digest = {
    ...{ count: 250, since: 1, until: 2, rooms: [{ name: "tea", count: 250 }] },
    authors: { count: 1, told: [{ count: 250, last: part.told[0] }] },
    ...{ mentions: part, questions: part },
  };
  const rig = new CliRig({ "GET digest": () => digest });
  const { stdout } = await rig.run(
    "messages",
    "tea",
    "--digest",
    "--from",
    "bob",
  );
  assert.deepEqual(rig.calls.map(({ route, query }) => [route, query]), [
    ["GET digest", { room: "tea", from: "bob" }],
  ]);
  assert.ok(new TextEncoder().encode(stdout).length <= 2_000);
  assert.match(stdout, /\nread: agentnet messages --from bob tea\n$/);
  const all = await rig.run("messages", "--digest", "--max-bytes", "0");
  assert.ok(new TextEncoder().encode(all.stdout).length > 2_000);
  const json = await rig.run("messages", "--digest", "--json");
  assert.deepEqual(JSON.parse(json.stdout), JSON.parse(JSON.stringify(digest)));
  const most = ["--digest", "--json", "--max-bytes"];
  const small = await rig.run("messages", ...most, "300");
  assert.equal(small.code, 2);
  assert.equal(JSON.parse(small.stdout).error.code, "USAGE");
  const fits = await rig.run("messages", ...most, `${json.stdout.length}`);
  assert.equal(fits.stdout, json.stdout);
  const past = await rig.run("history", "tea", "--digest");
  assert.equal(past.code, 0);
  assert.deepEqual(rig.calls.at(-1)?.query, { room: "tea", history: "1000" });
});

Deno.test("messages, history: flags that contradict each other are 2, each named", async () => {
  const lines = [
    "messages --last 3 --limit 2",
    "messages --skip 1 --wait 1s",
    "messages --follow --last 2",
    "messages --count --skip 2",
    "messages --digest --last 2",
    "messages --digest --wait 1s",
    "messages --again --peek",
    "messages --again --last 2",
    "messages --again tea",
    "messages --all --after 3",
    "history tea --limit 2 --last 3",
    "history tea --digest --skip 2",
  ];
  for (const line of lines) {
    const rig = new CliRig({ "GET messages": () => somePage([]) });
    const { code, stderr } = await rig.run(...line.split(" "));
    assert.equal(code, 2, line);
    assert.match(stderr, /^agentnet: .* and .* don't go together; /, line);
    assert.ok(!rig.routes.includes("GET messages"), line);
  }
});
