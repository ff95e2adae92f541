// The relay's page in a real Chromium, and what those who watch cost the relay, beside members of the same room.

import { connect, type Socket } from "node:net";
import type { Page } from "playwright-core";
import { chromiumPath, TestBrowser } from "../../tests/fakes/browser.ts";
import {
  cpuSeconds,
  residentBytes,
} from "../../tests/fakes/process_figures.ts";
import type { RelayPeer } from "../../tests/fakes/relay_peer.ts";
import {
  closeAll,
  gather,
  inBatches,
  logInMany,
  OPEN_RELAY,
  pause,
} from "../../tests/scenarios/crowd.ts";
import { fill } from "../../tests/scenarios/restart.ts";
import { Stage, type StagedRelay } from "../stage.ts";
import { median } from "./measure.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOM = "bench";
const MESSAGES = 50_000;
const ROOMS = 10_000;
const WATCHERS = 200;
const CROWD = 1_000;
/** Messages to a crowd, so many a second. */
const SAID = 200;
const SAID_EVERY_MS = 20;
const ROUNDS = 5;
const MEGABYTE = 2 ** 20;

/** First paint, frames while a long room is scrolled, memory and time of the relay with watchers. */
export async function benchWatching(): Promise<BenchRow[]> {
  const chromium = await chromiumPath();
  if (chromium === null) throw new Error("there is no chromium on this host");
  await using browser = await TestBrowser.open(chromium);
  await using stage = await Stage.open();
  const relay = await stage.startRelay(OPEN_RELAY);
  const [writer] = await logInMany(relay.url, 1, { features: ["ack"] });
  if (writer === undefined) throw new Error("nobody logged in");
  await gather([writer], ROOM);
  return [
    await benchFirstPaint(browser, relay),
    await benchWatcherMemory(relay),
    await benchCrowds(relay, writer),
    await benchScrolling(browser, relay, writer),
    await benchManyRooms(browser),
  ];
}

const httpOf = ({ url }: StagedRelay) =>
  url.replace("ws:", "http:").replace(/\/v1\/ws$/, "");

async function benchFirstPaint(
  browser: TestBrowser,
  relay: StagedRelay,
): Promise<BenchRow> {
  const bare = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<p>bare", { headers: { "content-type": "text/html" } }),
  );
  const times = async (url: string) => {
    const found: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { page } = await browser.page();
      await page.goto(url);
      found.push(await firstPaint(page));
      await page.close();
    }
    return median(found);
  };
  const floorFigure = await times(`http://127.0.0.1:${bare.addr.port}/`);
  const figure = await times(httpOf(relay));
  await bare.shutdown();
  return benchRow({
    name: "the relay's page, first contentful paint",
    ...{ figure, unit: "ms", floor: "a page of one word", floorFigure },
  });
}

/** Milliseconds from the navigation's start. */
async function firstPaint(page: Page): Promise<number> {
  for (;;) {
    const painted = await page.evaluate<number | undefined>(
      `performance.getEntriesByName("first-contentful-paint")[0]?.startTime`,
    );
    if (painted !== undefined) return painted;
    await pause(20);
  }
}

/** A stream of a room's events that is read and thrown away. */
async function watch(relay: StagedRelay): Promise<Socket> {
  const { hostname, port } = new URL(relay.url);
  const socket = connect(Number(port), hostname);
  const heard = Promise.withResolvers<void>();
  socket.on("data", () => heard.resolve());
  socket.on("error", heard.reject);
  socket.write(
    `GET /api/rooms/${ROOM}/events HTTP/1.1\r\nHost: relay\r\n\r\n`,
  );
  await heard.promise;
  return socket;
}

async function benchWatcherMemory(relay: StagedRelay): Promise<BenchRow> {
  const { pid } = relay.process;
  const floorFigure = residentBytes(pid) / MEGABYTE;
  const watchers = await inBatches(WATCHERS, () => watch(relay));
  await pause(2_000);
  const figure = residentBytes(pid) / MEGABYTE;
  for (const socket of watchers) socket.destroy();
  return benchRow({
    name: `relay with ${WATCHERS} watchers, resident`,
    ...{ figure, unit: "MB", floor: "without them", floorFigure },
  });
}

/** Processor time of the relay for the same words to as many watchers and members. */
async function benchCrowds(
  relay: StagedRelay,
  writer: RelayPeer,
): Promise<BenchRow> {
  const watchers = await inBatches(CROWD, () => watch(relay));
  const figure = await costOfTalk(relay, writer);
  for (const socket of watchers) socket.destroy();
  await pause(1_000);
  const members = await logInMany(relay.url, CROWD, { first: 1_000 });
  for (const member of members) member.onText = () => {};
  await inBatches(CROWD, async (i) => {
    members[i]?.signed({ type: "room.join", room: ROOM });
    await pause(0);
  });
  await pause(3_000);
  const floorFigure = await costOfTalk(relay, writer);
  closeAll(members);
  return benchRow({
    name: `relay's processor time, ${SAID} messages to ${CROWD} watchers`,
    ...{ figure, unit: "s", floor: `to ${CROWD} members`, floorFigure },
  });
}

async function costOfTalk(
  { process: { pid } }: StagedRelay,
  writer: RelayPeer,
): Promise<number> {
  const before = cpuSeconds(pid);
  for (let i = 0; i < SAID; i++) {
    writer.text(writer.message(ROOM, `word ${i} ${"x".repeat(200)}`));
    await writer.next("message.ack");
    await pause(SAID_EVERY_MS);
  }
  await pause(1_000);
  return cpuSeconds(pid) - before;
}

/** The 95th of a hundred frames, while a room is scrolled from its end to its start and back. */
async function benchScrolling(
  browser: TestBrowser,
  relay: StagedRelay,
  writer: RelayPeer,
): Promise<BenchRow> {
  for (let i = 0; i < MESSAGES; i++) {
    writer.text(writer.message(ROOM, `message ${i} ${"word ".repeat(i % 40)}`));
    if (i % 200 === 199) await writer.pong();
  }
  const { page } = await browser.page();
  await page.goto(`${httpOf(relay)}/rooms/${ROOM}`);
  await page.locator(".mark.verified").first().waitFor();
  await readAll(page, { rows: MESSAGES, top: "0" });
  const floorFigure = Number(await page.evaluate(frames("")));
  const figure = Number(
    await page.evaluate(frames(HALF_A_SCREEN)),
  );
  return benchRow({
    name: `scrolling a room of ${
      MESSAGES.toLocaleString("en")
    }, p95 of a frame`,
    ...{ figure, unit: "ms", floor: "the same at rest", floorFigure },
  });
}

/** The 95th of a hundred frames, while the list of all rooms is scrolled from its start to its end and back. */
async function benchManyRooms(browser: TestBrowser): Promise<BenchRow> {
  await using stage = await Stage.open();
  const data = `${stage.folder}/many`;
  await Deno.mkdir(data, { mode: 0o700 });
  await fill(data, { rooms: ROOMS, messages: ROOMS });
  const relay = await stage.startRelay(OPEN_RELAY, { data });
  const { page } = await browser.page();
  await page.goto(httpOf(relay));
  await page.locator(".room").first().waitFor();
  await readAll(page, { rows: ROOMS, top: "scroller.scrollHeight" });
  await page.evaluate(`${SCROLLER}.scrollTop = 0`);
  const floorFigure = Number(await page.evaluate(frames("")));
  const figure = Number(await page.evaluate(frames(HALF_A_SCREEN)));
  return benchRow({
    name: `scrolling ${ROOMS.toLocaleString("en")} rooms, p95 of a frame`,
    ...{ figure, unit: "ms", floor: "the same at rest", floorFigure },
  });
}

/** Scrolls to where the list goes on until all its rows are there. */
async function readAll(
  page: Page,
  { rows, top }: { readonly rows: number; readonly top: string },
): Promise<void> {
  const count = `Number(document.querySelector(".row")?.ariaSetSize)`;
  while (Number(await page.evaluate(count)) < rows) {
    await page.evaluate(
      `{ const scroller = ${SCROLLER}; scroller.scrollTop = ${top}; }`,
    );
    await pause(20);
  }
}

const SCROLLER = `document.querySelector(".scroller")`;
const HALF_A_SCREEN = "scroller.scrollBy(0, way * scroller.clientHeight / 2)";

const frames = (move: string) =>
  `new Promise((done) => {
    const scroller = ${SCROLLER};
    const times = [];
    let last = performance.now();
    let way = 1;
    const frame = (now) => {
      times.push(now - last);
      last = now;
      const { scrollTop, clientHeight, scrollHeight } = scroller;
      if (scrollTop + clientHeight >= scrollHeight - 1) way = -1;
      ${move};
      if (times.length < 300) requestAnimationFrame(frame);
      else done(times.sort((a, b) => a - b)[285]);
    };
    requestAnimationFrame(frame);
  })`;
