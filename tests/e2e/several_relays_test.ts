// A daemon that was given several addresses: where the relay that it is at is
// gone it goes to the next, and reaches no other.

import assert from "node:assert/strict";
import {
  Stage,
  type StagedAgent,
  type StagedRelay,
} from "../../scripts/stage.ts";

async function kill({ process }: StagedRelay): Promise<void> {
  process.kill("SIGKILL");
  await process.status;
}

/** As soon as the daemon has a relay again. */
async function makesRoom(agent: StagedAgent, room: string): Promise<void> {
  for (let tries = 0;; tries++) {
    await agent.run(["wait-ready", "--timeout", "60s"]);
    const { code, stderr } = await agent.run(["create", room]);
    if (code === 0) return;
    if (tries === 20) throw new Error(stderr);
  }
}

Deno.test("several addresses: a daemon goes on at the next one, is narrowed to them, and remembers them", async () => {
  await using stage = await Stage.open();
  const start = (name: string, port = stage.port()) =>
    stage.startRelay(undefined, {
      data: `${stage.folder}/relay-${name}`,
      port,
    });
  const [a, b] = [await start("a"), await start("b")];
  const relay = `${a.url},${b.url}`;
  const ada = stage.agent("ada");
  const up = await ada.json(["up", "--relay", relay, "--name", "ada"]);
  try {
    assert.equal(up.code, 0, up.stderr);
    const settings = JSON.parse(
      await Deno.readTextFile(`${ada.dataDir}/settings.json`),
    );
    assert.equal(settings.relay, relay);

    assert.equal((await ada.json(["status"])).value.relay, relay);

    // Wherever it is, it has to be at b, and then at a.
    await kill(a);
    await makesRoom(ada, "at-b");
    await start("a", Number(new URL(a.url).port));
    await kill(b);
    await makesRoom(ada, "at-a");
  } finally {
    await ada.run(["stop"]);
  }
});
