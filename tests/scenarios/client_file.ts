import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

/** Makes a file for agents' hosts in a folder; its path. */
export type MakeClientFile = (dist: string, relay: URL) => Promise<string>;

/** A file made for a relay that runs: it refuses another and to be one, and its daemon gets to its own. */
export async function clientFile(make: MakeClientFile): Promise<void> {
  const dist = await Deno.makeTempDir();
  try {
    await using general = await Stage.open();
    const { url } = await general.startRelay();
    const file = await make(dist, new URL(url));
    await using stage = await Stage.open({ program: file, bare: true });
    await walk(stage);
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
}

async function walk(stage: Stage): Promise<void> {
  const ada = stage.agent("ada");
  // A port of its own, as most hosts have it: the head must grant what the daemon asks for.
  const env = { AGENTNET_API: `127.0.0.1:${stage.port()}` };
  const refused = await ada.run(["daemon", "--relay", "ws://127.0.0.1:1"], {
    env,
  });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /made for 127\.0\.0\.1:\d+ alone/);
  const relay = await ada.run(["relay"]);
  assert.equal(relay.code, 2);
  assert.match(relay.stderr, /holds no relay/);
  const process = stage.start(["daemon", "--name", "ada"], {
    env: { AGENTNET_DATA_DIR: ada.dataDir, ...env },
  });
  await process.line(/http:\/\/\S+/, 60_000);
  const ready = await ada.run(["wait-ready", "--timeout", "60s"]);
  assert.equal(ready.code, 0, ready.stderr + process.output);
  const second = await ada.run(["daemon"], { env });
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /one runs already/);
}
