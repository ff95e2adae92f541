// What a relay takes in and gives out a second, beside servers that do the same writes without a relay's work, and
// beside another checkout's relay; all in turns, within one run.
//   deno task bench relay [--against DIR] [--members 10,100] [--rounds 5]

import { median } from "./measure.ts";
import { MeasuredRoom, type RoomFigures } from "./relay/room_figures.ts";
import {
  FLOOR_KINDS,
  type Kind,
  relayKind,
  type Server,
  startFloor,
  startRelay,
} from "./relay/servers.ts";
import { Pairs, type StoredFigures } from "./relay/stored.ts";
import { type BenchRow, benchRow } from "./table.ts";

export interface RelayBenchOptions {
  /** Root of another checkout; null without one. */
  readonly against: string | null;
  readonly members: readonly number[];
  /** Each is measured so often, in turns; medians count, and ratios pair by pair. */
  readonly rounds: number;
}

/** Reads them from the bench's arguments. @throws for a value that is none. */
export function relayBenchOptions(args: readonly string[]): RelayBenchOptions {
  const value = (flag: string) => {
    const at = args.indexOf(flag);
    return at < 0 ? undefined : args[at + 1];
  };
  const members = (value("--members") ?? "10,100,300,1000").split(",")
    .map(Number);
  const rounds = Number(value("--rounds") ?? 5);
  if (![...members, rounds].every((one) => Number.isInteger(one) && one > 0)) {
    throw new Error("--members and --rounds are whole numbers");
  }
  if (members.some((one) => one < 2)) throw new Error("a room has two members");
  return { against: value("--against") ?? null, members, rounds };
}

/** Figures of a room and their units. */
const ROOM_UNITS: Readonly<Record<keyof RoomFigures, [string, string]>> = {
  perSecond: ["burst", "deliveries/s"],
  burstP50: ["burst, p50", "ms"],
  burstP99: ["burst, p99", "ms"],
  bytesADelivery: ["burst, bytes", "a delivery"],
  packetsADelivery: ["burst, packets", "a delivery"],
  cpuADelivery: ["burst, processor", "µs a delivery"],
  evenP50: ["45,000/s, p50", "ms"],
  evenP99: ["45,000/s, p99", "ms"],
  evenCpuADelivery: ["45,000/s, processor", "µs a delivery"],
  loneP50: ["alone, p50", "ms"],
};
const STORED_UNITS: Readonly<Record<keyof StoredFigures, [string, string]>> = {
  perSecond: ["stored, acknowledged, delivered", "messages/s"],
  cpuAMessage: ["the same, processor", "µs a message"],
  busiestAMessage: ["the same, busiest thread", "µs a message"],
};

/** Signed frames are made before; limits are off; servers and their load share the cores. */
export async function benchRelay(
  options: RelayBenchOptions,
): Promise<BenchRow[]> {
  const rows = await storedRows(options);
  for (const members of options.members) {
    rows.push(...await roomRows(members, options));
  }
  return rows;
}

async function roomRows(
  members: number,
  { against, rounds }: RelayBenchOptions,
): Promise<BenchRow[]> {
  const other = against === null ? [] : [relayKind("before", against)];
  const kinds: Kind[] = [relayKind("relay"), ...other, ...FLOOR_KINDS];
  const rooms: MeasuredRoom[] = [];
  try {
    for (const { start, gather } of kinds) {
      const server = await start();
      rooms.push(new MeasuredRoom(server, await gather(server.url, members)));
    }
    for (const room of rooms) await room.warm();
    const figures = await inTurns(rooms, rounds);
    return rowsOf({
      figures,
      floors: kinds.map(({ name }) => name),
      units: ROOM_UNITS,
      of: `${members} members`,
    });
  } finally {
    await Promise.all(rooms.map((room) => room.end()));
  }
}

async function storedRows(
  { against, rounds }: RelayBenchOptions,
): Promise<BenchRow[]> {
  const start: (() => Promise<Server>)[] = [() => startRelay()];
  if (against !== null) start.push(() => startRelay(against));
  const all: Pairs[] = [];
  try {
    for (const one of start) all.push(await Pairs.atRelay(await one()));
    all.push(await Pairs.atFloor(await startFloor("verify")));
    for (const pairs of all) await pairs.measure();
    const figures = await inTurns(all, rounds);
    const floors = ["relay", "before", "receive, verify, answer, deliver"];
    return rowsOf({
      figures,
      floors: against === null ? floors.toSpliced(1, 1) : floors,
      units: STORED_UNITS,
      of: "40 pairs",
    });
  } finally {
    await Promise.all(all.map((pairs) => pairs.end()));
  }
}

/** By measured, then by round. */
async function inTurns<Figures>(
  all: readonly { measure(): Promise<Figures> }[],
  rounds: number,
): Promise<Figures[][]> {
  const figures: Figures[][] = all.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, one] of all.entries()) {
      figures[i]?.push(await one.measure());
    }
  }
  return figures;
}

/** A row for each figure of the first beside each of the others. */
function rowsOf<Name extends string>(
  { figures, floors, units, of }: {
    readonly figures: readonly (readonly Readonly<Record<Name, number>>[])[];
    readonly floors: readonly string[];
    readonly units: Readonly<Record<Name, readonly [string, string]>>;
    readonly of: string;
  },
): BenchRow[] {
  const [own = [], ...others] = figures;
  return (Object.keys(units) as Name[]).flatMap((name) => {
    const values = own.map((one) => one[name]);
    const [word, unit] = units[name];
    return others.map((other, i): BenchRow => ({
      ...benchRow({
        ...{ name: `${of}, ${word}`, unit, figure: median(values) },
        floor: floors[i + 1] ?? "",
        floorFigure: median(other.map((one) => one[name])),
      }),
      ratio: median(
        values.map((value, round) => value / (other[round]?.[name] ?? NaN)),
      ),
    }));
  });
}
