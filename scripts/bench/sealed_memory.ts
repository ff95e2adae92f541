// What a daemon keeps in memory in no, one and twenty private rooms, beside as many public ones.

import { parseRoom } from "../../lib/conversation/room_name.ts";
import { residentBytes } from "../../tests/fakes/process_figures.ts";
import { Stage } from "../stage.ts";
import { localApiOf, median, OPEN_RELAY } from "./measure.ts";
import { type BenchRow, benchRow } from "./table.ts";

const COUNTS = [0, 1, 20] as const;
const KINDS = ["private", "public"] as const;
/** So many daemons of each; the median counts. */
const ROUNDS = 3;
/** From the last room to the look at the memory, in milliseconds: past the time that solver workers are kept. */
const SETTLE_MS = 40_000;
const MEGABYTE = 1024 * 1024;

export async function benchSealedMemory(): Promise<BenchRow[]> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const pids = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const count of COUNTS) {
      for (const kind of KINDS) {
        const name = `${kind}-${count}`;
        const agent = stage.agent(`${name}-${round}`);
        const { pid } = await agent.online({ relay: url });
        const api = await localApiOf(agent);
        for (let n = 0; n < count; n++) {
          const room = parseRoom(`${name}-${round}-${n}`);
          await api.create({ room, private: kind === "private" });
        }
        pids.set(name, [...pids.get(name) ?? [], pid]);
      }
    }
  }
  await new Promise((go) => setTimeout(go, SETTLE_MS));
  const figureOf = (name: string) =>
    median((pids.get(name) ?? []).map(residentBytes)) / MEGABYTE;
  return COUNTS.map((count) =>
    benchRow({
      ...{ name: `daemon in ${count} private rooms, resident`, unit: "MB" },
      ...{ figure: figureOf(`private-${count}`) },
      floor: `in ${count} public ones`,
      floorFigure: figureOf(`public-${count}`),
    })
  );
}
