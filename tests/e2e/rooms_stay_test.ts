import assert from "node:assert/strict";
import {
  Stage,
  type StagedAgent as Agent,
  type StagedRelay,
} from "../../scripts/stage.ts";
import { parsePrometheus, valueOf } from "../oracle/prometheus_text.ts";

const OPEN = ["--join-age", "0", "--create-age", "0"];
/** So short that a test can be away for longer. */
const SHORT = [...OPEN, "--room-grace", "1s"];
const WITHIN_MS = 60_000;

const portOf = (relay: StagedRelay) => Number(new URL(relay.url).port);

async function two(stage: Stage, relay: string): Promise<[Agent, Agent]> {
  const [ann, ben] = [stage.agent("ann"), stage.agent("ben")];
  // Things are said until they come to be as they should.
  const flags = ["--brakes", "off"];
  await ann.online({ relay, flags });
  await ben.online({ relay, flags });
  return [ann, ben];
}

/** Asks until there is something. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it never came to be so");
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Resolves when nobody may come back to so many rooms as if never gone. */
function empty(relay: StagedRelay, rooms: number): Promise<true> {
  const url = relay.url.replace("ws:", "http:").replace("/v1/ws", "/metrics");
  return until(async () => {
    const text = await (await fetch(url)).text();
    const now = valueOf(parsePrometheus(text), "agentnet_relay_rooms_empty");
    return now === rooms || undefined;
  });
}

/** How many others the relay's list says to be in a room; undefined where it is not listed. */
async function listed(agent: Agent, room: string): Promise<number | undefined> {
  const { rooms } = (await agent.json(["rooms"])).value as {
    rooms: { name: string; agents: number }[];
  };
  return rooms.find(({ name }) => name === room)?.agents;
}

Deno.test("relay: ann tells ben something, both are away longer than the grace time, the relay restarts, ben comes back first and reads it", async () => {
  await using stage = await Stage.open();
  let relay = await stage.startRelay(SHORT, { port: stage.port() });
  const [ann, ben] = await two(stage, relay.url);
  await ann.run(["create", "tea", "What we drink"]);
  await ben.run(["join", "tea"]);
  await ben.run(["stop"]);
  const sent = await until(async () => {
    const { value } = await ann.json(["send", "tea", "meet at nine"]);
    return value.others === 0 ? value : undefined;
  });
  assert.equal(sent.status, "accepted");
  const told = await ann.run(["send", "tea", "bring cups"]);
  assert.match(
    told.stdout,
    /; nobody else here now: it waits in the room's history$/m,
  );
  await ann.run(["stop"]);
  await empty(relay, 1);
  const port = portOf(relay);
  await relay.process.end();
  relay = await stage.startRelay(SHORT, { port });
  await empty(relay, 1);
  await ben.online({ relay: relay.url });
  const { stdout } = await ben.run(["messages", "tea", "--wait", "30s"]);
  assert.match(stdout, /meet at nine/);
  assert.match(stdout, /bring cups/);
  assert.equal(await listed(ben, "tea"), 1);
  await ann.online({ relay: relay.url });
  assert.equal(await listed(ann, "tea"), 2);
  assert.equal((await ann.json(["send", "tea", "hello"])).value.others, 1);
  assert.match(
    (await ann.run(["send", "tea", "x"])).stdout,
    /, 1 other here$/m,
  );
});

Deno.test("relay: the last one to leave is told until when the room stays, and who comes later finds it, listed after those with agents", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([...SHORT, "--room-empty", "36h"]);
  const [ann, ben] = await two(stage, relay.url);
  await ann.run(["create", "tea"]);
  await ann.run(["send", "tea", "Assam it is"]);
  await ben.run(["join", "tea"]);
  const first = await ben.json(["leave", "tea"]);
  assert.deepEqual(first.value, { name: "tea", others: 1 });
  const before = Date.now();
  const last = await ann.json(["leave", "tea"]);
  const { kept_until, ...rest } = last.value;
  assert.deepEqual(rest, { name: "tea", others: 0 });
  const hours = (kept_until - before) / 3_600_000;
  assert.ok(hours > 35.9 && hours < 36.2, `${hours} h`);
  await ann.run(["create", "talk"]);
  const { stdout } = await ben.run(["rooms"]);
  assert.match(
    stdout,
    /#talk {2}1 agent .*\n#tea {2}nobody now {2}last active /,
  );
  await ben.run(["join", "tea"]);
  assert.match((await ben.run(["history", "tea"])).stdout, /Assam it is/);
  const words = await ben.run(["leave", "tea"]);
  assert.match(
    words.stdout,
    /^left #tea; nobody is in it now: it stays, with its history, until \d{4}-\d\d-\d\d \d\d:\d\dZ$/m,
  );
});

Deno.test("relay --room-empty 0 --room-idle 60m: the last leave ends the room at once, as a Go relay does", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(
    [...SHORT, "--room-empty", "0", "--room-idle", "60m"],
  );
  const [ann, ben] = await two(stage, relay.url);
  await ann.run(["create", "tea"]);
  assert.match(
    (await ann.run(["leave", "tea"])).stdout,
    /^left #tea; the last one has left, so it has ended$/m,
  );
  assert.equal(await listed(ben, "tea"), undefined);
  assert.equal((await ben.run(["join", "tea"])).code, 4);
});

Deno.test("daemon: a room that is gone with its relay's data is made again by who is left, where its maker never comes back", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(SHORT, { port: stage.port() });
  const [ann, ben] = await two(stage, relay.url);
  await ann.run(["create", "tea", "What we drink"]);
  await ben.run(["join", "tea"]);
  await ann.run(["stop"]);
  await until(async () => {
    const { value } = await ben.json(["send", "tea", "still here"]);
    return value.others === 0 || undefined;
  });
  // The others are told that she is gone a moment after she is.
  await until(async () => {
    const { value } = await ben.json(["who", "tea"]);
    return value.members.length === 1 || undefined;
  });
  await relay.process.end();
  await Deno.remove(`${stage.folder}/relay`, { recursive: true });
  await stage.startRelay(SHORT, { port: portOf(relay) });
  const topic = await until(async () => {
    const { value, code } = await ben.json(["who", "tea"]);
    return code === 0 ? value.topic : undefined;
  });
  assert.equal(topic, "What we drink");
  const { stdout } = await ben.run(["messages", "tea", "--all"]);
  assert.match(stdout, /still here/);
});

Deno.test("relay admin close: the maker's daemon, there or away, does not make the room again, and status says why", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(SHORT, { port: stage.port() });
  const [ann, ben] = await two(stage, relay.url);
  await ann.run(["create", "here"]);
  await ben.run(["create", "away"]);
  await ben.run(["stop"]);
  const data = `${stage.folder}/relay`;
  for (const room of ["here", "away"]) {
    const { code } = await stage.run(
      ["relay", "admin", "close", room, "--data", data],
    );
    assert.equal(code, 0);
  }
  await ben.online({ relay: relay.url });
  for (const [agent, room] of [[ann, "here"], [ben, "away"]] as const) {
    const state = await until(async () => {
      const { value } = await agent.json(["status"]);
      const [one] = value.rooms;
      return one?.state === "ended" ? one : undefined;
    });
    assert.equal(state.name, room);
    assert.equal(state.reason, "closed by the operator");
    assert.match(
      (await agent.run(["status"])).stdout,
      new RegExp(`#${room} \\(not joined: closed by the operator\\)`),
    );
  }
  assert.equal(await listed(ann, "here"), undefined);
  assert.equal(await listed(ann, "away"), undefined);
  await relay.process.end();
  await stage.startRelay(SHORT, { port: portOf(relay) });
  await ben.json(["wait-ready", "--timeout", "30s"]);
  assert.equal(await listed(ben, "away"), undefined);
});
