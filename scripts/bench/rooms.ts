// What a room costs: from the call to the local API to the room, proof of work
// included, with age gates off.

import { LocalApi } from "../../lib/local_api/client.ts";
import { Stage } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOMS = 50;

/** Time from asking for a room to having it, over a daemon and a relay on this host. */
export async function benchRooms(): Promise<BenchRow[]> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay([
    "--join-age",
    "0",
    "--create-age",
    "0",
    "--limits",
    "off",
  ]);
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  const read = async (name: string) =>
    (await Deno.readTextFile(`${ada.dataDir}/${name}`)).trim();
  const api = new LocalApi({
    address: await read("api.addr"),
    token: await read("api.token"),
  }, fetch);
  const creates: number[] = [];
  const joins: number[] = [];
  for (let i = 0; i < ROOMS; i++) {
    const room = `room-${i}`;
    creates.push(await took(() => api.create({ room })));
    // In it already: the same way without a proof.
    joins.push(await took(() => api.join({ room })));
    await api.leave({ room });
  }
  return [benchRow({
    name: "make a room",
    figure: median(creates),
    unit: "ms",
    floor: "join a room",
    floorFigure: median(joins),
  })];
}

async function took(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
