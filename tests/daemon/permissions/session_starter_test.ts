import assert from "node:assert/strict";
import { programFolder } from "../../../daemon/permissions/program_folder.ts";
import { sessionStarter } from "../../../daemon/permissions/session_starter.ts";
import { FakeWorker } from "../../fakes/fake_worker.ts";
import { FakePermissions } from "../../fakes/own_permissions.ts";

const RELAY = "relay.example.org:443";
const API = "127.0.0.1:9900";
const ANY_PORT = "127.0.0.1:0";

/** A starter in a data dir that a link leads to, and who started which worker. */
async function rig(
  granted: readonly string[],
  alsoNet: readonly string[] = [],
  alsoFiles: readonly string[] = [],
  alsoReads: readonly string[] = [],
) {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const dataDir = `${folder}/link`;
  await Deno.mkdir(`${folder}/data`);
  await Deno.symlink(`${folder}/data`, dataDir);
  const own = new FakePermissions(granted);
  const done: string[] = [];
  const noted = (what: string) => {
    done.push(what);
    return new FakeWorker();
  };
  const starter = await sessionStarter({
    permissions: {
      net: [RELAY, API, ANY_PORT],
      read: [`${dataDir}/state`],
      write: [`${dataDir}/state`],
      env: false,
    },
    dataDir,
    alsoNet,
    alsoFiles,
    alsoReads,
    onFailed: () => {},
    own,
    workers: {
      startSession: () => noted("keeper starts"),
      openSpawner: () => {
        done.push("spawner opens");
        return {
          start: () => noted("spawner starts"),
          close: () => void done.push("spawner closes"),
        };
      },
    },
  });
  return {
    ...{ starter, own, done, folder },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

const FOLDERS = ["read /", "write /", "env", "sys"];

Deno.test("sessionStarter: with a list of hosts the keeper starts every worker and keeps the session's hosts", async () => {
  await using it = await rig([...FOLDERS, `net ${RELAY}`, "net 127.0.0.1"]);
  it.starter.start();
  await it.starter.giveAway();
  it.starter.start();
  it.starter.close();
  assert.deepEqual(it.done, ["keeper starts", "keeper starts"]);
  const net = [...it.own.lists].filter((one) => one.startsWith("net"));
  assert.deepEqual(
    net.toSorted(),
    [`net ${ANY_PORT}`, `net ${API}`, `net ${RELAY}`],
  );
});

Deno.test("sessionStarter: with the whole network a spawner starts all workers but the first, and the network goes", async () => {
  await using it = await rig([...FOLDERS, "net"]);
  it.starter.start();
  await it.starter.giveAway();
  it.starter.start();
  it.starter.close();
  assert.deepEqual(it.done, [
    "spawner opens",
    "keeper starts",
    "spawner starts",
    "spawner closes",
  ]);
  const kept = [...it.own.whole, ...it.own.lists];
  assert.deepEqual(kept.filter((one) => /^net\b/.test(one)), []);
});

for (
  const net of [["net"], [`net ${RELAY}`, `net ${API}`, `net ${ANY_PORT}`]]
) {
  Deno.test(`sessionStarter: ${net[0]}: of files its own folder by both names stays, to read also the program`, async () => {
    await using it = await rig([...FOLDERS, ...net]);
    await it.starter.giveAway();
    const kept = [...it.own.lists].filter((one) => !one.startsWith("net"));
    const own = [`${it.folder}/link`, `${it.folder}/data`];
    assert.deepEqual(
      kept.toSorted(),
      [
        ...[...own, programFolder()].map((path) => `read ${path}`),
        ...own.map((path) => `write ${path}`),
      ].toSorted(),
    );
    assert.deepEqual([...it.own.whole], []);
  });
}

Deno.test("sessionStarter: hosts that the thread talks to itself stay whole; a network granted whole stays and needs no spawner", async () => {
  const loopback = ["127.0.0.0/8", "localhost", "[::1]"];
  const lists = [RELAY, ...loopback, API, ANY_PORT].map((one) => `net ${one}`);
  await using listed = await rig([...FOLDERS, ...lists], loopback);
  await listed.starter.giveAway();
  const kept = [...listed.own.lists].filter((one) => one.startsWith("net"));
  assert.deepEqual(kept.toSorted(), lists.toSorted());
  await using whole = await rig([...FOLDERS, "net"], loopback);
  whole.starter.start();
  await whole.starter.giveAway();
  whole.starter.start();
  assert.deepEqual(whole.done, ["keeper starts", "keeper starts"]);
  assert.deepEqual([...whole.own.whole], ["net"]);
});

Deno.test("sessionStarter: files that the thread goes on to use stay, and of the network what the list says of them", async () => {
  const socket = "/tmp/cc-socks/1.sock";
  const loopback = ["127.0.0.0/8", "localhost", "[::1]"];
  const lists = [RELAY, ...loopback, API, ANY_PORT, `unix:${socket}`];
  const granted = [...FOLDERS, ...lists.map((one) => `net ${one}`)];
  const token = "/home/ada/token";
  await using it = await rig(granted, loopback, [socket], [token]);
  await it.starter.giveAway();
  const kept = [...it.own.lists].filter((one) =>
    one.endsWith(socket) || one.endsWith(token)
  );
  assert.deepEqual(
    kept.toSorted(),
    [
      ...[`net unix:${socket}`, `read ${token}`, `read ${socket}`],
      `write ${socket}`,
    ].toSorted(),
  );
});
