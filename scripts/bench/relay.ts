// What a relay takes in and gives out a second, beside the same work without rules and without a disk.
//   deno run -A scripts/bench/relay.ts [--json]

import { OPEN_RELAY } from "../../tests/scenarios/crowd.ts";
import { DeliveryRoom } from "../../tests/scenarios/deliveries.ts";
import { messagesPerSecond } from "../../tests/scenarios/throughput.ts";
import { Stage } from "../stage.ts";
import { plainLoop } from "./plain_loop.ts";
import { type BenchRow, benchRow, renderTable } from "./table.ts";

const PAIRS = 40;
const MESSAGES = 40_000;
const MEMBERS = 1_000;
/** Faster than two cores go, so that what is measured is what the relay reaches. */
const MOST = { messages: 500, deliveriesASecond: 100_000 };
const EVEN = { messages: 225, deliveriesASecond: 45_000 };

/** Signed frames are made before; limits are off; the relay and its load share the cores. */
export async function benchRelay(): Promise<BenchRow[]> {
  const floorFigure = await plainLoop({ pairs: PAIRS, messages: MESSAGES });
  const figure = await withRelay((relay) =>
    messagesPerSecond([relay], { pairs: PAIRS, messages: MESSAGES })
  );
  const stored = benchRow({
    name: "relay, stored, acknowledged, delivered",
    figure,
    unit: "messages/s",
    floor: "receive, verify, deliver; no storage",
    floorFigure,
  });
  return [stored, ...await deliveries()];
}

async function deliveries(): Promise<BenchRow[]> {
  return await withRelay(async (relay) => {
    const room = await DeliveryRoom.open(relay, MEMBERS);
    const even = await room.measure(EVEN);
    const most = await room.measure(MOST);
    room.close();
    return [
      benchRow({
        name: "relay, deliveries, 1,000 members",
        figure: most.perSecond,
        unit: "deliveries/s",
        floor: "promised",
        floorFigure: 60_000,
      }),
      benchRow({
        name: "relay, p99 at 45,000 deliveries/s",
        figure: even.p99,
        unit: "ms",
        floor: "promised at most",
        floorFigure: 100,
      }),
    ];
  });
}

async function withRelay<Result>(
  action: (relay: Awaited<ReturnType<Stage["startRelay"]>>) => Promise<Result>,
): Promise<Result> {
  await using stage = await Stage.open();
  return await action(await stage.startRelay(OPEN_RELAY));
}

if (import.meta.main) {
  const rows = await benchRelay();
  console.log(
    Deno.args.includes("--json") ? JSON.stringify(rows) : renderTable(rows),
  );
}
