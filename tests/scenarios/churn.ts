import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, pause } from "./crowd.ts";

/** The relay's own figures at a moment (its log at level debug). */
export type Figures = Readonly<Record<string, number>>;

export interface ChurnResult {
  readonly sessions: number;
  /** After the warm-up, at rest and collected. */
  readonly before: Figures;
  /** After the churn, at rest and collected. */
  readonly after: Figures;
}

/** What a nonce lives, a step of the table of nonces, a sweep and a report. */
const REST_MS = 95_000;
/** Long enough that the cache of 4,096 keys is full. */
const WARM_UP_MS = 30_000;
/** Garbage is collected whenever the relay writes its figures. */
const COLLECTED = { DENO_V8_FLAGS: "--expose-gc" };
const LANES = 8;
const VISITORS = 20;

/** Logs in, creates, joins, talks, leaves or drops, over and over with new agents and rooms; then lets the relay rest. */
export async function churn(ms: number): Promise<ChurnResult> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([
    "--join-age",
    "0",
    "--create-age",
    "0",
    "--limits",
    `${await limitsFile(stage)}`,
    "--room-grace",
    "5s",
    "--room-idle",
    "10s",
    "--log-level",
    "debug",
  ], { env: COLLECTED });
  await sessions(relay, WARM_UP_MS, 0);
  await pause(REST_MS);
  const before = lastFigures(relay);
  const count = await sessions(relay, ms, 100_000);
  await pause(REST_MS);
  return { sessions: count, before, after: lastFigures(relay) };
}

/** Counts that never refuse here, so that the tables of the limits are in use. */
async function limitsFile(stage: Stage): Promise<string> {
  const path = `${stage.folder}/limits.json`;
  const much = 1_000_000;
  const counts = {
    joinsPerAgent: much,
    creates: much,
    messagesPerAgent: much,
    messagesPerRoom: much,
  };
  await Deno.writeTextFile(path, JSON.stringify(counts));
  return path;
}

async function sessions(
  relay: StagedRelay,
  ms: number,
  first: number,
): Promise<number> {
  const end = performance.now() + ms;
  let count = 0;
  await inBatches(LANES, async (lane) => {
    for (let i = 0; performance.now() < end; i++) {
      await session(relay.url, first + i * LANES + lane);
      count++;
    }
  }, LANES);
  return count;
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

function lastFigures(relay: StagedRelay): Figures {
  const line = relay.process.output.split("\n")
    .findLast((each) => each.includes("debug figures"));
  if (line === undefined) throw new Error("the relay wrote no figures");
  const found = line.matchAll(/(\w+)=([\d.]+)/g);
  return Object.fromEntries([...found].map(([, name, n]) => [name, Number(n)]));
}
