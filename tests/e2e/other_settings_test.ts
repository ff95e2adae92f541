// Starts that meet other settings than they were asked for, or than the shell around them read.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { EmptyHome } from "../fakes/empty_home.ts";
import { Host } from "../fakes/mcp_host.ts";

Deno.test("up: of starts at once with different names and relays each gets its own daemon or is told of another, with 1", async () => {
  await using stage = await Stage.open();
  await using beside = await Stage.open();
  const relays = [await stage.startRelay(), await beside.startRelay()];
  await using home = await EmptyHome.make(stage, "all");
  const asked = ["ada", "bob", "carol", "dave"].map((name, at) => ({
    name,
    relay: relays[at % 2]?.url ?? "",
  }));
  const told = await Promise.all(asked.map(async ({ name, relay }) => ({
    ...await home.json(["up", "--name", name, "--relay", relay]),
    ...{ name, relay },
  })));
  for (const { code, value, name, relay } of told) {
    if (code === 0) {
      assert.deepEqual([value.agent_name, value.relay], [name, relay]);
      continue;
    }
    assert.equal(code, 1, JSON.stringify(value));
    assert.match(value.error.code, /^OTHER_(NAME|RELAY)$/);
  }
  const ended = told.filter(({ code }) => code === 0);
  assert.ok(ended.length <= 1, `${ended.length} got one daemon`);
  const dir = `${home.folder}/.agentnet`;
  const settings = JSON.parse(
    await Deno.readTextFile(`${dir}/settings.json`),
  );
  assert.equal(
    await Deno.readTextFile(`${dir}/relay.url`),
    `${settings.relay}\n`,
  );
});

Deno.test("up --as: where a data dir that is named by its path wins it says so once, and remembers no name for it", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  const dir = `${home.folder}/.agentnet`;
  const env = { AGENTNET_DATA_DIR: dir };
  const up = await home.run(["up", "--as", "bob", "--relay", url], { env });
  assert.equal(up.code, 0, up.stderr);
  assert.equal(
    up.stderr,
    `agentnet: AGENTNET_DATA_DIR wins over the identity bob: ${dir}\n`,
  );
  const text = await Deno.readTextFile(`${dir}/settings.json`);
  assert.deepEqual(JSON.parse(text), { relay: url });
});

/** Of no host (RFC 5737); loopback is granted whole. */
const ELSEWHERE = "ws://192.0.2.1:9/v1/ws";

Deno.test("daemon, mcp: a relay that was written into settings.json by hand: who may not reach it says so, and up puts it right", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  await using home = await EmptyHome.make(stage, "ada");
  await home.run(["up", "--relay", url, "--name", "ada"]);
  await home.run(["stop"]);
  const path = `${home.folder}/.agentnet/settings.json`;
  const before = await Deno.readTextFile(path);
  const byHand = before.replace(url, ELSEWHERE);
  await Deno.writeTextFile(path, byHand);
  const copy = `${home.folder}/.agentnet/relay.url`;
  const host = await Host.of(stage.agent("ada"), [], {
    AGENTNET_DATA_DIR: `${home.folder}/.agentnet`,
  });
  const { text, isError } = await host.call("status");
  assert.equal(isError, true);
  assert.match(text, /relay\.url was stale .*agentnet up/);
  await host.close();
  await Deno.writeTextFile(copy, `${url}\n`);
  const first = await home.json(["daemon"]);
  assert.equal(first.code, 1, first.stderr);
  assert.equal(first.value.error.code, "RELAY_NOT_GRANTED");
  assert.match(first.value.error.message, /relay\.url was stale/);
  assert.match(first.value.error.fix, /agentnet up/);
  assert.equal(await Deno.readTextFile(copy), `${ELSEWHERE}\n`);
  assert.equal(await Deno.readTextFile(path), byHand);
  await Deno.writeTextFile(path, before);
  const up = await home.json(["up"]);
  assert.equal(up.code, 0, up.stdout);
  assert.equal(up.value.relay, url);
});
