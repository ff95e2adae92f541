import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, pause } from "./crowd.ts";

/** The relay's own figures at a moment (its log at level debug). */
export type Figures = Readonly<Record<string, number>>;

/** How long sessions follow one another. */
export interface ChurnSize {
  /** Before the first figures: long enough, where the heap is looked at, that the cache of 4,096 keys is full. */
  readonly warmUpMs: number;
  /** At least so long, and so many. */
  readonly ms: number;
  readonly sessions: number;
  /** The tables that are waited for until they are empty, {@link REST_MS} at most. */
  readonly tables: readonly string[];
}

export interface ChurnResult {
  readonly sessions: number;
  /** After the warm-up, at rest and collected. */
  readonly before: Figures;
  /** After the churn, at rest and collected. */
  readonly after: Figures;
}

/** Tables of the relay that are rid of an agent soon after it has gone. */
export const SOON_EMPTY: readonly string[] = [
  ...["connections", "agents", "rooms", "ages"],
  ...["failedLogins", "waiting", "sockets"],
];
/** Every table of the relay; a nonce and a count live a minute and more. */
export const TABLES: readonly string[] = [...SOON_EMPTY, "nonces", "limits"];

/** What a nonce lives, a step of the table of nonces, a sweep and a report. */
const REST_MS = 95_000;
/** Garbage is collected whenever the relay writes its figures. */
const COLLECTED = { DENO_V8_FLAGS: "--expose-gc" };
const LANES = 8;
const VISITORS = 20;

/** Logs in, creates, joins, talks, leaves or drops, over and over with new agents and rooms; then lets the relay rest. */
export async function churn(size: ChurnSize): Promise<ChurnResult> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([
    "--join-age",
    "0",
    "--create-age",
    "0",
    "--limits",
    `${await limitsFile(stage)}`,
    "--room-grace",
    "1s",
    "--room-idle",
    "10s",
    "--log-level",
    "debug",
  ], { env: COLLECTED });
  const warmUp = { ms: size.warmUpMs, sessions: 0 };
  await sessions(relay, warmUp, 0);
  const before = await rested(relay, size.tables);
  const count = await sessions(relay, size, 100_000);
  return {
    ...{ sessions: count, before },
    after: await rested(relay, size.tables),
  };
}

/** Counts that never refuse here, so that the tables of the limits are in use. */
async function limitsFile(stage: Stage): Promise<string> {
  const path = `${stage.folder}/limits.json`;
  const much = 1_000_000;
  const counts = {
    joinsPerAgent: much,
    loginsPerAddress: much,
    creates: much,
    createsPerAddress: much,
    messagesPerAgent: much,
    messagesPerRoom: much,
  };
  await Deno.writeTextFile(path, JSON.stringify(counts));
  return path;
}

async function sessions(
  relay: StagedRelay,
  least: Pick<ChurnSize, "ms" | "sessions">,
  first: number,
): Promise<number> {
  const end = performance.now() + least.ms;
  let begun = 0;
  await inBatches(LANES, async () => {
    while (performance.now() < end || begun < least.sessions) {
      await session(relay.url, first + begun++);
    }
  }, LANES);
  return begun;
}

/** A room of its own, through which visitors pass; half of them leave, half drop their line. */
async function session(url: string, number: number): Promise<void> {
  const room = `churn-${number}`;
  const login = (id: number) =>
    RelayPeer.login(url, {
      identity: fastIdentity(number * (VISITORS + 1) + id),
      features: ["ack"],
    });
  const founder = await login(0);
  await founder.create(room);
  for (let id = 1; id <= VISITORS; id++) {
    await visit(await login(id), room, id % 2 === 0);
  }
  founder.socket.terminate();
}

async function visit(
  peer: RelayPeer,
  room: string,
  leaves: boolean,
): Promise<void> {
  await peer.join(room);
  for (let i = 0; i < 3; i++) peer.text(peer.message(room, `text ${i}`));
  await peer.pong();
  if (leaves) {
    peer.signed({ type: "room.leave", room });
    await peer.pong();
  }
  peer.socket.terminate();
}

/** The first figures, of those that the relay writes from now on, in which the tables are empty; the last ones where they never are. */
async function rested(
  relay: StagedRelay,
  tables: readonly string[],
): Promise<Figures> {
  const from = relay.process.output.length;
  const end = performance.now() + REST_MS;
  for (;;) {
    await pause(200);
    const figures = lastFigures(relay.process.output.slice(from));
    const isOver = performance.now() > end;
    if (figures === null) {
      if (isOver) throw new Error("the relay wrote no figures");
    } else if (isOver || tables.every((table) => figures[table] === 0)) {
      return figures;
    }
  }
}

function lastFigures(log: string): Figures | null {
  const line = log.split("\n")
    .findLast((each) => each.includes("debug figures"));
  if (line === undefined) return null;
  const found = line.matchAll(/(\w+)=([\d.]+)/g);
  return Object.fromEntries([...found].map(([, name, n]) => [name, Number(n)]));
}
