import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { whileYoung } from "../scenarios/while_young.ts";

/** About 30 KB of code, with everything that a wire or a shell could spoil. */
function longCode(): string {
  const line = 'if (a < b && c > "d") { s += `${x}\\n`; } // 漢字 😀\t\n';
  return line.repeat(
    Math.floor(30 * 1024 / new TextEncoder().encode(line).length),
  );
}

const TEXTS: readonly string[] = [
  '<b> & "q" \u2028 漢字 😀',
  "two\nlines\n\nand an end\n",
  "-starts with a hyphen",
  longCode(),
];

Deno.test("conversation: what one agent sends arrives at the other the same, and verified", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url })));
  assert.equal((await ada.json(["create", "tea", "a topic"])).code, 0);
  const joined = await bob.json(["join", "tea"]);
  assert.deepEqual(
    [joined.code, joined.value.name, joined.value.topic],
    [0, "tea", "a topic"],
  );
  assert.equal(joined.value.members.length, 2);

  for (const text of TEXTS) {
    const sent = await ada.json(["send", "tea", "-"], { stdin: text });
    assert.deepEqual([sent.code, sent.value.status], [0, "accepted"]);
    assert.equal(sent.value.bytes, new TextEncoder().encode(text).length);
    const { value } = await bob.json(["messages", "tea", "--wait", "60s"]);
    assert.equal(value.messages.length, 1);
    const [got] = value.messages;
    assert.equal(got.text, text);
    assert.deepEqual(
      [got.id, got.verified, got.from_name],
      [sent.value.id, true, "ada"],
    );
  }
  const history = await bob.json(["history", "tea"]);
  const texts = history.value.messages.map((one: { text: string }) => one.text);
  assert.deepEqual(texts, TEXTS);
});

Deno.test("messages: reading moves the mark, --peek does not, and --wait with nothing is 6", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: url })));
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await ada.run(["send", "tea", "one", "and", "one"]);
  const wait = ["messages", "--wait", "60s"];
  const peeked = await bob.json([...wait, "--peek"]);
  const read = await bob.json(wait);
  assert.equal(read.value.messages[0].text, "one and one");
  assert.deepEqual(peeked.value.messages, read.value.messages);
  const none = await bob.json(["messages"]);
  assert.deepEqual([none.code, none.value.messages], [0, []]);
  const waited = await bob.run(["messages", "--wait", "100ms"]);
  assert.equal(waited.code, 6);
});

Deno.test("relay: the age gates tell the seconds left, and --wait waits them out", async () => {
  await whileYoung(agesAreToldAndWaitedOut);
});

async function agesAreToldAndWaitedOut(seconds: number): Promise<void> {
  await using stage = await Stage.open();
  const ages = ["--join-age", "1s", "--create-age", `${seconds}s`];
  const { url } = await stage.startRelay(ages);
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  const early = await ada.json(["create", "tea"]);
  assert.deepEqual([early.code, early.value.error.code], [5, "TOO_NEW"]);
  const left = early.value.error.retry_after_ms;
  assert.ok(left > 0 && left <= seconds * 1_000, `${left}`);
  const waited = await ada.run(["create", "tea", "--wait", "90s"]);
  assert.equal(waited.code, 0, waited.stderr);
  assert.equal((await ada.run(["join", "tea"])).code, 0);

  const bob = stage.agent("bob");
  await bob.online({ relay: url });
  const joined = await bob.run(["join", "tea", "--wait", "60s"]);
  assert.equal(joined.code, 0, joined.stderr);
}

Deno.test("daemon: kill -9, then start: the same identity, and its rooms", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  const daemon = await ada.online({ relay: url });
  await ada.run(["create", "tea"]);
  const before = (await ada.json(["whoami"])).value;
  daemon.kill("SIGKILL");
  await daemon.status;
  assert.equal((await ada.run(["whoami"])).code, 3);
  await ada.online({ relay: url });
  assert.deepEqual((await ada.json(["whoami"])).value, before);
  const { value } = await ada.json(["status"]);
  assert.deepEqual(
    value.rooms.map((one: { name: string; joined: boolean }) => [
      one.name,
      one.joined,
    ]),
    [["tea", true]],
  );
});

Deno.test("daemon: a relay that comes back is found again, with its history", async () => {
  await using stage = await Stage.open();
  const port = stage.port();
  const first = await stage.startRelay(undefined, { port });
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((one) => one.online({ relay: first.url })));
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await ada.run(["send", "tea", "before"]);
  assert.equal(await first.process.end(), 0);
  await stage.startRelay(undefined, { port });
  for (const one of [ada, bob]) {
    const ready = await one.run(["wait-ready", "--timeout", "60s"]);
    assert.equal(ready.code, 0, ready.stderr);
  }
  const sent = await ada.run(["send", "tea", "after"]);
  assert.equal(sent.code, 0, sent.stderr);
  const heard: string[] = [];
  while (!heard.includes("after")) {
    const page = await bob.json(["messages", "--wait", "60s"]);
    assert.equal(page.code, 0);
    heard.push(...page.value.messages.map((one: { text: string }) => one.text));
  }
  assert.deepEqual(heard, ["before", "after"]);
});
