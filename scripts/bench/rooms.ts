// What a room costs: from the call to the local API to the room, proof of work
// included, with age gates off.

import { parseRoom } from "../../lib/conversation/room_name.ts";
import { localApiOf, median, OPEN_RELAY, took } from "./measure.ts";
import { Stage } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOMS = 50;

/** Time from asking for a room to having it, over a daemon and a relay on this host. */
export async function benchRooms(): Promise<BenchRow[]> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  const api = await localApiOf(ada);
  const creates: number[] = [];
  const joins: number[] = [];
  for (let i = 0; i < ROOMS; i++) {
    const room = parseRoom(`room-${i}`);
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
