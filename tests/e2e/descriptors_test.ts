import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import {
  bareProgramWithFiles,
  launcherWithFiles,
  silentConnections,
} from "../fakes/limited_files.ts";

/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";
/** How long it may take until a listener serves again, on a machine with other work. */
const AGAIN_MS = 40_000;

const addressOf = (url: string) => {
  const { hostname, port } = new URL(url.replace(/^ws/, "http"));
  return { hostname, port: Number(port) };
};

/** Asks until an answer comes; returns how long that took, in milliseconds. */
async function servedAgain(url: string): Promise<number> {
  const began = performance.now();
  for (;;) {
    const signal = AbortSignal.timeout(1_000);
    const isAnswered = await fetch(url, { signal })
      .then((answer) => answer.body?.cancel())
      .then(() => true, () => false);
    const took = performance.now() - began;
    if (isAnswered) return took;
    assert.ok(took < AGAIN_MS, `${url} answers nobody`);
  }
}

const PROGRAMS = {
  "a limit that the launcher tells": launcherWithFiles,
  "a limit that nobody tells": bareProgramWithFiles,
};
for (const [name, makeProgram] of Object.entries(PROGRAMS)) {
  Deno.test(`relay: out of descriptors, with ${name}, it serves again, says so, and its operator gets in`, async () => {
    const folder = await Deno.makeTempDir();
    const program = await makeProgram(folder, 96);
    {
      await using stage = await Stage.open({ program });
      // A relay that is told its port may open its listener anew.
      const { url, process } = await stage.startRelay(undefined, {
        port: stage.port(),
      });
      const health = url.replace(/^ws/, "http").replace("/v1/ws", "/health");
      const address = addressOf(url);
      for (let round = 0; round < 2; round++) {
        using _silent = await silentConnections(address, 120);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
      }
      await servedAgain(health);
      const data = `${stage.folder}/relay`;
      const stats = await stage.run([
        "relay",
        "admin",
        "stats",
        "--data",
        data,
      ]);
      assert.equal(stats.code, 0, stats.stderr + process.output);
      assert.match(
        process.output,
        /allows 32 connections|few file descriptors|accepts nothing/,
      );
      assert.doesNotMatch(process.output, /worker ended|uncaught/);
    }
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("relay: one that is full says that, and not that its listener is deaf", async () => {
  const folder = await Deno.makeTempDir();
  const program = await launcherWithFiles(folder, 96);
  {
    await using stage = await Stage.open({ program });
    const { url, process } = await stage.startRelay(undefined, {
      port: stage.port(),
    });
    using _silent = await silentConnections(addressOf(url), 34);
    await process.line(/all connections are taken.* most=32/, AGAIN_MS);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    assert.doesNotMatch(process.output, /accepts nothing|deaf/);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("relay: a listener that can't be opened anew gets a new worker", async () => {
  const folder = await Deno.makeTempDir();
  const program = await launcherWithFiles(folder, 96);
  {
    await using stage = await Stage.open({ program });
    // A port that the system chose may not be listened on again by the same worker.
    const { url, process } = await stage.startRelay();
    {
      using _silent = await silentConnections(addressOf(url), 120);
      await process.line(/its listener is deaf|allows 32/, AGAIN_MS);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    const health = url.replace(/^ws/, "http").replace("/v1/ws", "/health");
    await servedAgain(health);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("relay: its operator's port answers again once silent callers that took every descriptor are gone", async () => {
  const folder = await Deno.makeTempDir();
  const program = await launcherWithFiles(folder, 96);
  {
    await using stage = await Stage.open({ program });
    const { process } = await stage.startRelay();
    const data = `${stage.folder}/relay`;
    const admin = (await Deno.readTextFile(`${data}/admin.addr`)).trim();
    {
      using _silent = await silentConnections(
        addressOf(`http://${admin}`),
        120,
      );
      await process.line(/can't accept connections/, AGAIN_MS);
      await process.line(/fewer connections are taken/, AGAIN_MS);
    }
    await process.line(/more connections are taken again most=32/, AGAIN_MS);
    await servedAgain(`http://${admin}/`);
    const stats = await stage.run(["relay", "admin", "stats", "--data", data]);
    assert.equal(stats.code, 0, stats.stderr + process.output);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("daemon: its local API answers again once silent callers that took every descriptor are gone", async () => {
  const folder = await Deno.makeTempDir();
  const program = await launcherWithFiles(folder, 96);
  {
    await using stage = await Stage.open({ program });
    const ada = stage.agent("ada");
    const daemon = await ada.startDaemon({ relay: NO_RELAY });
    const api = (await Deno.readTextFile(`${ada.dataDir}/api.addr`)).trim();
    {
      using _silent = await silentConnections(addressOf(`http://${api}`), 120);
      await daemon.line(/can't accept connections/, AGAIN_MS);
    }
    // Where the system chose the port another worker listens, elsewhere.
    const began = performance.now();
    let status = await ada.run(["status"]);
    while (status.code !== 0 && performance.now() - began < AGAIN_MS) {
      status = await ada.run(["status"]);
    }
    assert.equal(status.code, 0, status.stderr + daemon.output);
    assert.doesNotMatch(daemon.output, /uncaught/);
  }
  await Deno.remove(folder, { recursive: true });
});
