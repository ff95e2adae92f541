// Files between agents, over a relay: each a real process.

import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { Host } from "../fakes/mcp_host.ts";

const MB16 = 16 * 2 ** 20;

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));
  }
  return bytes;
}

async function fileOf(stage: Stage, name: string, size: number) {
  const path = `${stage.folder}/${name}`;
  const bytes = bytesOf(size);
  await Deno.writeFile(path, bytes);
  return { path, bytes };
}

/** Gets the file of a message, and compares it. */
async function gets(
  who: StagedAgent,
  { id, bytes, to }: { id: string; bytes: Uint8Array; to: string },
): Promise<void> {
  const got = await who.run(["get", id, "--out", to]);
  assert.equal(got.code, 0, got.stderr);
  assert.ok(
    Uint8Array.from(await Deno.readFile(to)).every((b, i) => b === bytes[i]),
  );
  assert.equal((await Deno.stat(to)).size, bytes.length);
}

/** A `get` that is killed leaves nothing by the user's own name; the next one removes its part. */
async function killedWhileGetting(
  stage: Stage,
  { who, ...sent }: {
    readonly who: StagedAgent;
    readonly id: string;
    readonly bytes: Uint8Array;
  },
): Promise<void> {
  const folder = `${stage.folder}/killed`;
  await Deno.mkdir(folder);
  const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name);
  // It may be done just before it is killed.
  for (let tries = 0; names().every((name) => name === "got"); tries++) {
    assert.ok(tries < 20, "it was never killed in the middle");
    if (tries > 0) await Deno.remove(`${folder}/got`);
    const getting = stage.start(
      ["get", sent.id, "--out", `${folder}/got`],
      { env: { AGENTNET_DATA_DIR: who.dataDir } },
    );
    await until(() => Promise.resolve(names().length > 0), 1);
    getting.kill("SIGKILL");
    await getting.status;
  }
  assert.match(names().join(), /^\.got\.agentnet-[0-9a-f]{16}\.part$/);
  await Deno.writeTextFile(`${folder}/.own.part`, "mine");
  await gets(who, { ...sent, to: `${folder}/got` });
  assert.deepEqual(names().toSorted(), [".own.part", "got"]);
}

async function sends(who: StagedAgent, args: readonly string[]) {
  const sent = await who.json(args);
  assert.equal(sent.code, 0, sent.stdout);
  return sent.value;
}

Deno.test("files: of 0 and 1 bytes and of 16 MB, two at once, in a public room, a private one and to one agent", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: relay.url });
  await bob.online({ relay: relay.url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await ada.run(["create", "vault", "--private"]);
  const { value: { invite } } = await ada.json(["invite", "vault"]);
  assert.equal((await bob.run(["join", invite])).code, 0);

  const none = await fileOf(stage, "none", 0);
  const one = await fileOf(stage, "one", 1);
  const large = await fileOf(stage, "large", MB16);
  const over = await fileOf(stage, "over", MB16 + 1);
  const cases = [
    ["tea", none],
    ["tea", large],
    ["vault", one],
    ["vault", large],
    ["@bob", one],
  ] as const;
  // Two at once, again and again.
  const sent = await Promise.all(
    cases.map(([room, { path }]) =>
      sends(ada, ["send", room, "--attach", path])
    ),
  );
  await Promise.all(cases.map(async ([room, { bytes }], at) => {
    const { short_id: id, file } = sent[at];
    assert.equal(file.size, bytes.length);
    assert.ok(file.until > Date.now());
    await until(async () => {
      const there = room === "@bob" ? "@ada" : room;
      const { value } = await bob.json(["files", there]);
      return value.files.some((one: { short_id: string }) =>
        one.short_id === id
      );
    });
    await gets(bob, { id, bytes, to: `${stage.folder}/got-${at}` });
  }));

  const tooLarge = await ada.run(["send", "tea", "--attach", over.path]);
  assert.deepEqual([tooLarge.code, tooLarge.stdout], [2, ""]);
  assert.match(tooLarge.stderr, /16777217 bytes, more than 16777216/);

  const again = await bob.run([
    ...["get", sent[0].short_id, "--out", `${stage.folder}/got-0`],
  ]);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /it is there already/);
  await killedWhileGetting(stage, {
    ...{ who: bob, id: sent[1].short_id, bytes: large.bytes },
  });
  const full = await bob.run(["get", sent[1].short_id, "--out", "/dev/full"]);
  assert.notEqual(full.code, 0);
  const stateFiles = [...Deno.readDirSync(`${ada.dataDir}/state/files`)];
  assert.ok(stateFiles.length <= cases.length);
});

Deno.test("files: what must not leave stays, by whatever path; names can't do harm", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: relay.url });
  await bob.online({ relay: relay.url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  const { folder } = stage;
  const key = `${ada.dataDir}/agent.key`;
  await Deno.symlink(key, `${folder}/notes.txt`);
  await Deno.link(key, `${folder}/hard.txt`);
  await Deno.symlink(ada.dataDir, `${folder}/dir`);
  const own = [
    key,
    `${folder}/notes.txt`,
    `${folder}/hard.txt`,
    `${folder}/dir/agent.key`,
    `${ada.dataDir}/state/mailbox.db`,
  ];
  for (const path of own) {
    const held = await ada.run([
      ...["send", "tea", "--attach", path, "--allow-secret"],
    ]);
    assert.equal(held.code, 4, path);
    assert.match(held.stderr, /belongs to an agent's data dir/);
  }
  await Deno.writeTextFile(
    `${folder}/pasted.log`,
    "x\n".repeat(200_000) +
      `key: ${"ghp_" + "R7kQ2mZx9LwT4vBn8JcY6sHd1FgA3pKe5UaX"}\n`,
  );
  await Deno.writeTextFile(`${folder}/.env`, "A=1\n");
  await Deno.copyFile(key, `${folder}/copy.json`);
  for (const name of ["pasted.log", ".env", "copy.json"]) {
    const held = await ada.run([
      ...["send", "tea", "--attach", `${folder}/${name}`],
    ]);
    assert.equal(held.code, 8, name);
  }
  for (const path of [folder, "/dev/null", "/nowhere"]) {
    const held = await ada.run(["send", "tea", "--attach", path]);
    assert.ok([2, 4].includes(held.code), path);
  }
  assert.deepEqual((await bob.json(["messages"])).value.messages, []);

  const odd = `${folder}/a\u001b[31m\u202eb`;
  await Deno.writeTextFile(odd, "hello");
  const sent = await sends(ada, ["send", "tea", "--attach", odd, "see"]);
  assert.equal(sent.file.name, "a_[31m_b");
  const seen = await bob.run(["messages", "--wait", "30s"]);
  assert.match(seen.stdout, / ↪ file, 5 bytes, sha256 2cf24dba5fb0, until /);
  assert.ok(!seen.stdout.includes("\u001b") && !seen.stdout.includes("\u202e"));
});

Deno.test("files: a relay that is away gets them with their message once it is back; one without them says so", async () => {
  await using stage = await Stage.open();
  const port = stage.port();
  const relay = await stage.startRelay(undefined, { port });
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await ada.online({ relay: relay.url });
  await bob.online({ relay: relay.url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  const { path, bytes } = await fileOf(stage, "later", 500_000);
  relay.process.kill("SIGKILL");
  await relay.process.status;
  await until(async () => !(await ada.json(["status"])).value.connected);
  const kept = await ada.json(["send", "tea", "--attach", path, "later"]);
  assert.deepEqual([kept.code, kept.value.status], [9, "queued"]);
  await stage.startRelay(undefined, { port });
  const came = await bob.json(["messages", "--wait", "60s"]);
  const [message] = came.value.messages;
  assert.equal(message.file.size, bytes.length);
  await gets(bob, { id: message.short_id, bytes, to: `${stage.folder}/got` });

  const bare = await stage.startRelay(
    ["--join-age", "0", "--create-age", "0", "--blobs", "off"],
    { data: `${stage.folder}/bare` },
  );
  const eve = stage.agent("eve");
  await eve.online({ relay: bare.url });
  await eve.run(["create", "tea"]);
  const refused = await eve.run(["send", "tea", "--attach", path]);
  assert.equal(refused.code, 4);
  assert.match(refused.stderr, /this relay keeps no files/);
});

Deno.test("files: MCP tools send and get within the folder that was named, and nowhere else", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await bob.online({ relay: relay.url });
  await bob.run(["create", "tea"]);
  const folder = `${stage.folder}/shared`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/in.txt`, "in it");
  await Deno.writeTextFile(`${stage.folder}/out.txt`, "outside");
  await Deno.symlink(`${stage.folder}/out.txt`, `${folder}/link.txt`);
  // The server holds the daemon itself, and has given away all other files by then.
  const env = { AGENTNET_RELAY: relay.url, AGENTNET_API: "127.0.0.1:0" };
  await using host = await Host.of(ada, ["--files", folder], env);
  await host.done("join", { room: "tea" });
  const sent = await host.done("send", {
    ...{ room: "tea", text: "see", attach: "in.txt" },
  });
  assert.match(sent, /with ⟦untrusted: in\.txt⟧, 5 bytes/);
  for (
    const attach of [
      "link.txt",
      "../out.txt",
      `${stage.folder}/out.txt`,
      "/etc/hostname",
    ]
  ) {
    const held = await host.call("send", { room: "tea", text: "x", attach });
    assert.ok(held.isError, attach);
    assert.match(held.text, /FILE_REFUSED|USAGE/);
  }
  const { path, bytes } = await fileOf(stage, "back.bin", 70_000);
  const { short_id } = await sends(bob, ["send", "tea", "--attach", path]);
  await host.done("messages", { wait_seconds: 30 });
  assert.match(
    await host.done("get", { message: short_id, out: "got.bin" }),
    /70\.0 KB/,
  );
  assert.deepEqual(
    Uint8Array.from(await Deno.readFile(`${folder}/got.bin`)),
    bytes,
  );
  for (const out of ["got.bin", "../up.bin", `${stage.folder}/x.bin`]) {
    const held = await host.call("get", { message: short_id, out });
    assert.ok(held.isError, out);
  }
  await using bare = await Host.of(bob);
  const refused = await bare.call("send", {
    ...{ room: "tea", text: "x", attach: "in.txt" },
  });
  assert.match(refused.text, /agentnet mcp --files DIR/);
});

async function until(
  check: () => Promise<boolean>,
  pauseMs = 100,
): Promise<void> {
  const end = Date.now() + 30_000;
  while (!await check()) {
    if (Date.now() > end) throw new Error("it did not come");
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
