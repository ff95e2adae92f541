import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type LogFields, silentLogger } from "../../../lib/log.ts";
import { agent } from "../../fakes/agents.ts";
import { CORE_SETTINGS } from "../../fakes/core_bed.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";
import { prove } from "../../fakes/relay_agent.ts";
import { Line, relay } from "../../fakes/relay_server_rig.ts";

/** The first line of what is answered to a raw request. */
async function rawAnswer(port: number, request: string): Promise<string> {
  const socket: Socket = connect(port, "127.0.0.1");
  const got = Promise.withResolvers<string>();
  socket.on("data", (data) => got.resolve(data.toString()));
  socket.on("error", () => got.resolve(""));
  socket.write(request);
  const text = await got.promise;
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.destroy();
  await closed;
  return text.split("\r\n")[0] ?? "";
}

const upgrade = (path: string, more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;

Deno.test("RelayServer: one that has yet to begin answers probes, and 503 to agents and readers until it is open", async () => {
  let isOpen = false;
  await using bed = await relay(["r"], undefined, { isOpen: () => isOpen });
  const status = async (path: string) => {
    const answer = await fetch(`${bed.http}${path}`);
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await status("/health"), 200);
  assert.equal(await status("/api/rooms"), 503);
  assert.match(await rawAnswer(bed.port, upgrade("/v1/ws")), / 503 /);
  isOpen = true;
  assert.equal(await status("/api/rooms"), 200);
  assert.match(await rawAnswer(bed.port, upgrade("/v1/ws")), / 101 /);
});

Deno.test("RelayServer: a crowd is more than 32 connections, until there are 16; each is told once", async () => {
  const told: boolean[] = [];
  const crowded = (now: boolean) => void told.push(now);
  await using bed = await relay(["r"], undefined, { crowded });
  const sockets: Socket[] = [];
  const become = async (count: number) => {
    while (sockets.length < count) sockets.push(connect(bed.port, "127.0.0.1"));
    for (const socket of sockets.splice(count)) socket.destroy();
    while (bed.server.figures().sockets !== count) await settle(1);
  };
  await become(32);
  assert.deepEqual(told, [false]);
  await become(33);
  assert.deepEqual(told, [false, true]);
  for (const count of [17, 40, 17]) await become(count);
  assert.deepEqual(told, [false, true]);
  await become(16);
  assert.deepEqual(told, [false, true, false]);
  await become(32);
  assert.deepEqual(told, [false, true, false]);
  await become(0);
});

Deno.test("RelayServer: two agents talk; REST shows the room and its verified past", async () => {
  await using bed = await relay(["r"]);
  const a = await new Line(bed.url, 1).login();
  const b = await new Line(bed.url, 2).login();
  assert.equal((await a.ask(a.maker.join("r"))).type, "room.joined");
  assert.equal((await b.ask(b.maker.join("r"))).type, "room.joined");
  assert.equal((await a.next()).type, "room.member_joined");
  const text = "<b> 漢字 😀 ".repeat(2_000);
  const ack = await b.ask(b.maker.message("r", text, { id: "one" }));
  assert.equal(ack.type, "message.ack");
  assert.deepEqual((await a.next()).content, { type: "text", text });
  const rooms = await (await fetch(`${bed.http}/api/rooms`)).json();
  assert.equal(rooms.rooms[0].members, 2);
  const past = await (await fetch(`${bed.http}/api/rooms/r/messages`)).json();
  assert.equal(past.messages[0].from_id, b.maker.id);
  assert.equal(JSON.parse(past.messages[0].content).text, text);
  await Promise.all([a.close(), b.close()]);
});

Deno.test("RelayServer: a binary frame is refused and the connection kept; one too large ends it with 1009", async () => {
  await using bed = await relay();
  const line = await new Line(bed.url, 1).login();
  const refused = await line.ask(new Uint8Array([1, 2]));
  assert.equal(refused.code, "INVALID_MESSAGE");
  assert.equal((await line.ask('{"type":"ping"}')).type, "pong");
  line.socket.send(" ".repeat(65_537));
  assert.equal((await line.ended.promise).code, 1009);
});

Deno.test("RelayServer: many frames at once are answered in order", async () => {
  await using bed = await relay();
  const line = await new Line(bed.url, 1).login();
  for (let i = 0; i < 500; i++) {
    line.socket.send(line.maker.message("nix", "x", { id: `${i}` }));
  }
  for (let i = 0; i < 500; i++) {
    assert.equal((await line.next()).ref, `${i}`);
  }
  await line.close();
});

Deno.test("RelayServer: a frame that the store has no room for is held, and handled once it has answered", async () => {
  let isFull = false;
  let looked = Promise.withResolvers<void>();
  const isStoreFull = () => {
    looked.resolve();
    return isFull;
  };
  await using bed = await relay([], undefined, { isStoreFull });
  const line = await new Line(bed.url, 1).login();
  isFull = true;
  looked = Promise.withResolvers();
  line.socket.send(line.maker.message("nix", "x", { id: "a" }));
  await looked.promise;
  isFull = false;
  bed.server.answered([]);
  assert.equal((await line.next()).ref, "a");
  await line.close();
});

Deno.test("RelayServer: what waits of one that has gone while the store is full is not looked at again", async () => {
  let isFull = false;
  let asked = 0;
  const isStoreFull = () => {
    asked++;
    return isFull;
  };
  await using bed = await relay(["r"], undefined, { isStoreFull });
  const a = await new Line(bed.url, 1).login();
  await a.ask(a.maker.join("r"));
  isFull = true;
  asked = 0;
  a.socket.send(a.maker.message("r", "waits"));
  while (asked === 0) await settle(1);
  const askedOfHeld = () => {
    asked = 0;
    bed.server.answered([]);
    return asked;
  };
  assert.equal(askedOfHeld(), 1);
  await a.close();
  while (bed.server.figures().connections !== 0) await settle(1);
  assert.equal(askedOfHeld(), 0);
});

Deno.test("RelayServer: other paths 404, a blocked address 403 behind a trusted proxy, nobody else", async () => {
  await using bed = await relay();
  const from = (address: string) => `X-Forwarded-For: ${address}\r\n`;
  assert.match(await rawAnswer(bed.port, upgrade("/other")), / 404 /);
  for (let i = 0; i < 5; i++) {
    const line = new Line(bed.url, 1);
    await line.opened();
    assert.equal(
      (await line.ask(
        line.maker.hello({
          profile: { id: agent(2).id, name: "x", version: "" },
        }),
      )).code,
      "AUTH_FAILED",
    );
    assert.equal((await line.ended.promise).code, 1008);
  }
  assert.match(await rawAnswer(bed.port, upgrade("/v1/ws")), / 403 /);
  assert.match(
    await rawAnswer(bed.port, upgrade("/v1/ws", from("1.2.3.4"))),
    / 101 /,
  );
});

Deno.test("RelayServer: REST refuses what it does not know, in plain codes", async () => {
  await using bed = await relay(["r"]);
  const cases: [string, RequestInit, number][] = [
    ["/health", {}, 200],
    ["/ready", {}, 200],
    ["/api/rooms?limit=1", {}, 200],
    ["/api/rooms?cursor=x", {}, 400],
    ["/api/rooms/NO/messages", {}, 400],
    ["/api/rooms/nix/messages", {}, 404],
    ["/api/rooms/r/messages?before=x", {}, 400],
    ["/nix", {}, 404],
    ["/page/nix.js", {}, 404],
    ["/rooms/a/b", {}, 404],
    ["/api/rooms", { method: "POST", body: "{}" }, 405],
  ];
  for (const [path, init, status] of cases) {
    const response = await fetch(bed.http + path, init);
    assert.equal(response.status, status, path);
    await response.body?.cancel();
  }
});

/** Of everything that a relay keeps of those who come and go. */
const TABLES = [
  ...["connections", "agents", "rooms", "nonces", "ages", "limits"],
  ...["failedLogins", "waiting", "sockets"],
];

Deno.test("RelayServer: what agents leave behind, who leave, drop or never get in, is gone from every table once its time is past", async () => {
  const clock = new FakeClock();
  const bed = await relay([], clock);
  const rows = () => {
    const figures = bed.server.figures();
    return TABLES.map((name) => [name, figures[name]] as const);
  };
  const before = rows();
  const enter = (number: number) => new Line(bed.url, number, clock).login();
  const lines = [await enter(1), await enter(2), await enter(3)] as const;
  const [founder] = lines;
  for (const room of ["left", "dropped"]) {
    const challenge = await founder.ask(founder.maker.create(room));
    await founder.ask(founder.maker.create(room, { pow: prove(challenge) }));
  }
  for (const { socket, maker } of lines) {
    for (const room of ["left", "dropped"]) socket.send(maker.join(room));
    socket.send(maker.message("dropped", "text", { id: maker.id }));
    socket.send(maker.leave("left"));
    socket.send('{"type":"ping"}');
  }
  for (const line of lines) while ((await line.next()).type !== "pong");
  await rawAnswer(bed.port, "GET /api/rooms HTTP/1.1\r\nHost: a\r\n\r\n");
  const forger = new Line(bed.url, 4, clock);
  await forger.opened();
  const profile = { id: agent(5).id, name: "x", version: "" };
  forger.socket.send(forger.maker.hello({ profile }));
  await forger.ended.promise;
  const undecided = new Line(bed.url, 6, clock);
  await undecided.opened();
  await undecided.ask(undecided.maker.hello());

  const used = rows().filter(([, count]) => count !== 0).map(([name]) => name);
  // Nothing waits for a store that answers at once.
  assert.deepEqual(used, TABLES.filter((name) => name !== "waiting"));
  await Promise.all([...lines, undecided].map((line) => line.close()));
  while (bed.server.figures().sockets !== 0) await settle();
  await clock.advance(2 * CORE_SETTINGS.roomIdleMs);
  assert.deepEqual(rows(), before);
  assert.deepEqual(before.filter(([, count]) => count !== 0), []);
  await bed.server.stop();
  assert.equal(clock.pending, 0);
});

Deno.test("RelayServer: the log that wants figures has them every five seconds", async () => {
  const clock = new FakeClock();
  const lines: unknown[] = [];
  const debug = (event: string, fields?: LogFields) =>
    void lines.push([event, fields?.sockets]);
  await using _bed = await relay(["r"], clock, {
    log: { ...silentLogger, debug },
  });
  await clock.advance(4_000);
  assert.deepEqual(lines, []);
  await clock.advance(6_000);
  assert.deepEqual(lines, [["figures", 0], ["figures", 0]]);
});

Deno.test("RelayServer: stop tells every peer 1001", async () => {
  const bed = await relay();
  const line = await new Line(bed.url, 1).login();
  await bed.server.stop();
  assert.equal((await line.ended.promise).code, 1001);
});
