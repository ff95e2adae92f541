// What rooms that nobody is in cost a relay: memory at rest, and a list of them.

import { residentBytes } from "../../tests/fakes/process_figures.ts";
import { fill } from "../../tests/scenarios/restart.ts";
import { Stage } from "../stage.ts";
import { median, OPEN_RELAY, took } from "./measure.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOMS = 10_000;
const FEW = 100;
const MESSAGES_A_ROOM = 10;
/** Short, so that the rooms count as empty while it is measured. */
const GRACE_MS = 1_000;
const REST_MS = 20_000;
const LISTS = 200;
const MB = 2 ** 20;

/** A relay with 10,000 empty rooms and their history beside one with a hundred, both at rest. */
export async function benchEmptyRooms(): Promise<BenchRow[]> {
  const few = await measured(FEW);
  const many = await measured(ROOMS);
  return [
    benchRow({
      name: "relay, 10,000 empty rooms with 10 messages each",
      figure: many.megabytes,
      unit: "MB",
      floor: "100 such rooms",
      floorFigure: few.megabytes,
    }),
    benchRow({
      name: "a list of 100 of them over REST, median",
      figure: many.listMs,
      unit: "ms",
      floor: "all 100",
      floorFigure: few.listMs,
    }),
  ];
}

async function measured(
  rooms: number,
): Promise<{ megabytes: number; listMs: number }> {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  await Deno.mkdir(data, { mode: 0o700 });
  await fill(data, { rooms, messages: rooms * MESSAGES_A_ROOM });
  const flags = [...OPEN_RELAY, "--room-grace", `${GRACE_MS}ms`];
  const relay = await stage.startRelay(flags, { data });
  await new Promise((done) => setTimeout(done, REST_MS));
  const megabytes = residentBytes(relay.process.pid) / MB;
  const url = new URL("/api/rooms?limit=100", relay.url.replace(/^ws/, "http"));
  const times: number[] = [];
  for (let i = 0; i < LISTS; i++) {
    times.push(await took(async () => await (await fetch(url)).json()));
  }
  return { megabytes, listMs: median(times) };
}
