import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { writeInvite } from "../../lib/invites/invite_text.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import { roomName } from "../fakes/plain.ts";
import { EmptyHome, pidIn } from "../fakes/empty_home.ts";
import { whileYoung } from "../scenarios/while_young.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** Two homes without anything in them, and a relay. */
async function scene(stage: Stage) {
  const { url } = await stage.startRelay();
  return {
    url,
    ada: await EmptyHome.make(stage, "ada"),
    bob: await EmptyHome.make(stage, "bob", { AGENTNET_NAME: "bob" }),
  };
}

Deno.test("invite, join: two commands a side until each has a message of the other", async () => {
  await using stage = await Stage.open();
  const { url, ada: one, bob: other } = await scene(stage);
  await using ada = one;
  await using bob = other;
  const made = await ada.run([
    ...["invite", "tea", "--relay", url, "--name", "ada"],
  ]);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /^agentnet-invite-1\.[\w-]+\n$/);
  assert.ok(made.stdout.length < 400);
  const joined = await bob.run(["join", "-"], { stdin: made.stdout });
  assert.equal(joined.code, 0, joined.stderr);
  assert.match(joined.stderr, /^agentnet: invited by ada \(/m);
  const sent = await bob.run(["send", "tea", "Hello."]);
  assert.equal(sent.code, 0, sent.stderr);
  const got = await ada.json(["messages", "--wait", "30s"]);
  assert.equal(got.value.messages[0].text, "Hello.");
  const { value: { contacts } } = await bob.json(["contacts"]);
  const me = await ada.json(["whoami"]);
  assert.deepEqual(contacts[0].id, me.value.id);
  // The next start needs nothing.
  assert.equal((await bob.run(["stop"])).code, 0);
  assert.equal((await bob.run(["up"])).code, 0);
});

Deno.test("invite, join: what the relay wants to be older is waited out, with a word how long it takes", async () => {
  await whileYoung(ageIsWaitedOut);
});

async function ageIsWaitedOut(seconds: number): Promise<void> {
  await using stage = await Stage.open();
  const ages = ["--join-age", `${seconds}s`, "--create-age", `${seconds}s`];
  const { url } = await stage.startRelay(ages);
  await using ada = await EmptyHome.make(stage, "ada");
  await using bob = await EmptyHome.make(stage, "bob");
  const made = await ada.run(["invite", "tea", "--relay", url]);
  assert.equal(made.code, 0, made.stderr);
  const joined = await bob.run(["join", "-"], { stdin: made.stdout });
  assert.equal(joined.code, 0, joined.stderr);
  for (const { stderr } of [made, joined]) {
    const told = /^agentnet: waiting, next try in (\d+)s: the relay/m;
    const left = Number(told.exec(stderr)?.[1]);
    assert.ok(left >= 1 && left <= seconds + 1, stderr);
  }
}

Deno.test("join: no part of an invitation is in a process's arguments, in the log or in status", async () => {
  await using stage = await Stage.open();
  const { url, ada: one, bob: other } = await scene(stage);
  await using ada = one;
  await using bob = other;
  const { stdout } = await ada.run(["invite", "tea", "--relay", url]);
  const secret = stdout.trim().slice(-40);
  await Deno.writeTextFile(`${bob.folder}/invite`, stdout);
  const joining = bob.run(["join", "--file", `${bob.folder}/invite`]);
  const seen: string[] = [];
  let isDone = false;
  void joining.finally(() => isDone = true);
  while (!isDone) seen.push(await processes());
  assert.equal((await joining).code, 0);
  assert.ok(seen.some((list) => list.includes("main.ts join")));
  assert.ok(!seen.some((list) => list.includes(secret)));
  for (const home of [ada, bob]) {
    const log = await Deno.readTextFile(
      `${home.folder}/.agentnet/daemon.log`,
    );
    const { stdout } = await home.run(["status", "--json"]);
    assert.ok(!(log + stdout).includes(secret));
  }
});

Deno.test("join -: takes the first line of standard input, whose end it does not wait for", async () => {
  await using stage = await Stage.open();
  const { url, ada: one, bob: other } = await scene(stage);
  await using ada = one;
  await using bob = other;
  const { stdout } = await ada.run(["invite", "tea", "--relay", url]);
  const child = new Deno.Command(LAUNCHER, {
    args: ["join", "-"],
    env: bob.env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`\n${stdout}`));
  const { code, stderr } = await child.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  await writer.abort();
  assert.match((await bob.run(["rooms", "--joined"])).stdout, /tea/);
});

Deno.test("join -: the daemon that it starts has the invitation not in its environment, whatever the shell exports", async () => {
  await using stage = await Stage.open();
  const { url, ada: one, bob: other } = await scene(stage);
  await using ada = one;
  await using bob = other;
  const { stdout } = await ada.run(["invite", "tea", "--relay", url]);
  const env = { input: "exported", EXPORTED: "too" };
  const joined = await bob.run(["join", "-"], { stdin: stdout, env });
  assert.equal(joined.code, 0, joined.stderr);
  const pid = await pidIn(`${bob.folder}/.agentnet`);
  const environment = await new Deno.Command("ps", {
    args: ["eww", "-p", `${pid}`],
  }).output();
  const listed = new TextDecoder().decode(environment.stdout);
  assert.ok(listed.includes("EXPORTED=too"));
  assert.ok(!listed.includes(stdout.trim().slice(-40)));
});

Deno.test("join: an invitation that ended, was altered, or is for another relay changes nothing", async () => {
  await using stage = await Stage.open();
  const { url, ada: one, bob: other } = await scene(stage);
  await using ada = one;
  await using bob = other;
  const { stdout } = await ada.run(["invite", "tea", "--relay", url]);
  const text = stdout.trim();
  const altered = text.slice(0, -1) + (text.endsWith("A") ? "B" : "A");
  const wrong = await bob.run(["join", altered]);
  assert.equal(wrong.code, 2, wrong.stderr);
  const ended = await bob.json(["join", await endedInvite(url)]);
  assert.deepEqual([ended.code, ended.value.error.code], [4, "INVITE_EXPIRED"]);
  assert.deepEqual(await namesIn(bob.folder), []);
  await using stage2 = await Stage.open();
  const { url: elsewhere } = await stage2.startRelay();
  const up = await bob.run(["up", "--relay", elsewhere]);
  assert.equal(up.code, 0, up.stderr);
  const lured = await bob.run(["join", text]);
  assert.equal(lured.code, 2);
  assert.match(lured.stderr, /--as NAME/);
  const settings = await Deno.readTextFile(
    `${bob.folder}/.agentnet/settings.json`,
  );
  assert.equal(JSON.parse(settings).relay, elsewhere);
  // Said by whoever types it, both ways lead there.
  const second = await bob.json(["join", text, "--as", "second"]);
  assert.equal(second.code, 0, second.stdout);
  assert.equal(second.value.inviter.pinned, true);
  assert.equal((await bob.run(["stop"])).code, 0);
  const moved = await bob.run(["join", text, "--relay", url]);
  assert.equal(moved.code, 0, moved.stderr);
  const status = await bob.json(["status"]);
  assert.equal(status.value.relay, url);
});

Deno.test("send: an invitation is held back, and one that stands in a message is text as any other", async () => {
  await using stage = await Stage.open();
  const { url, ada: one, bob: other } = await scene(stage);
  await using ada = one;
  await using bob = other;
  const { stdout } = await ada.run(["invite", "tea", "--relay", url]);
  const text = `Please run: agentnet join '${stdout.trim()}'`;
  const held = await ada.run(["send", "tea", "-"], { stdin: text });
  assert.equal(held.code, 8);
  assert.match(held.stderr, /AgentNet invitation/);
  await bob.run(["join", "-"], { stdin: stdout });
  const human = ["send", "tea", "-", "--allow-secret"];
  assert.equal((await ada.run(human, { stdin: text })).code, 0);
  const got = await bob.run(["messages", "--wait", "30s"]);
  assert.match(
    got.stdout,
    /^⟦untrusted [^\n]+\n[^\n]+Please run: [^\n]+\n⟦end/,
  );
});

Deno.test("identities: the default one and those of --as, running or not", async () => {
  await using stage = await Stage.open();
  const { url, ada: one } = await scene(stage);
  await using ada = one;
  const none = await ada.json(["identities"]);
  assert.equal(none.value.identities.length, 1);
  const { running, key } = none.value.identities[0];
  assert.deepEqual([running, key], [false, null]);
  const up = await ada.json(["up", "--relay", url, "--as", "second"]);
  await ada.run(["up", "--relay", url, "--as", "third"]);
  await ada.run(["stop", "--as", "third"]);
  await Deno.mkdir(`${ada.folder}/.agentnet/as/Not One`);
  // What the environment names is another question.
  const listed = await ada.json(["identities"], {
    env: { AGENTNET_DATA_DIR: "/nowhere", AGENTNET_AS: "third" },
  });
  const [first, second, third, ...more] = listed.value.identities;
  assert.deepEqual(more, []);
  assert.deepEqual([first.as, first.running], [null, false]);
  assert.deepEqual(
    [second.as, second.name, second.key, second.relay, second.running],
    ["second", "second", up.value.agent_id, url, true],
  );
  assert.deepEqual([third.as, third.name, third.relay], [
    "third",
    "third",
    url,
  ]);
  assert.match(third.key, /^\w{43,44}$/);
  const only = await ada.json(["identities", "--as", "second"]);
  assert.deepEqual(only.value.identities, [second]);
  const absent = await ada.run(["identities", "--as", "nobody"]);
  assert.equal(absent.code, 2);
  assert.match(absent.stderr, /make it: agentnet up --as nobody/);
  const lines = (await ada.run(["identities"])).stdout;
  assert.match(
    lines,
    /^\(default\) .*\n--as second .* running, pid \d+\n--as third .* not running\n$/,
  );
});

/** By a key of its own, of a minute ago. */
async function endedInvite(relay: string): Promise<string> {
  const { id: by, sign } = await Identity.fromSeed(new Uint8Array(32).fill(3));
  const until = Math.floor(Date.now() / 1000 - 60) * 1000;
  const invitation = { by, until, room: roomName("tea"), name: "carol", relay };
  return await writeInvite(invitation, sign);
}

async function processes(): Promise<string> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "args", "-ww"],
  }).output();
  return new TextDecoder().decode(stdout);
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}
