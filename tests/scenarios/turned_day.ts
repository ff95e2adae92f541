import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ADA, SessionRig } from "../fakes/session_rig.ts";

/** What a session holds at one moment. */
export interface Held {
  /** Rows of each table of the mailbox's file. */
  readonly rows: Readonly<Record<string, number>>;
  /** Bytes of the index of words. */
  readonly indexBytes: number;
  /** Of the JavaScript heap, after a forced collection. */
  readonly heapBytes: number;
  /** Timers that wait on the session's clock. */
  readonly timers: number;
}

/** Held at the half and at the end, and what came of the messages. */
export interface TurnedDay {
  readonly half: Held;
  readonly end: Held;
  readonly read: number;
  readonly lastCursor: number;
}

/** The tables whose rows are counted. */
const TABLES = [
  "messages",
  "seen",
  "marks",
  "gaps",
  "rooms",
  "sends",
  "contacts",
] as const;
/** How often the agent looks at its messages, and answers; in seconds. */
const LOOK_EVERY = 60;

/**
 * A message a second for so many seconds of turned time, each signed, verified and kept; once a minute the agent reads
 * all of them and says something itself.
 */
export async function turnedDay(seconds: number): Promise<TurnedDay> {
  using rig = await SessionRig.inTea();
  const looking = new AbortController().signal;
  let half: Held | undefined;
  let read = 0, lastCursor = 0;
  for (let second = 1; second <= seconds; second++) {
    rig.relay.say("tea", ADA, `message ${second} of the day`, { keep: false });
    await rig.clock.advance(1_000);
    if (second % LOOK_EVERY === 0) {
      const { messages } = await rig.session.messages({ limit: 500 }, looking);
      read += messages.length;
      lastCursor = messages.at(-1)?.cursor ?? lastCursor;
      rig.session.read({ cursor: lastCursor });
      await rig.session.send({ room: "tea", text: `after ${second} s` });
      forget(rig);
    }
    if (second === seconds / 2) half = held(rig);
  }
  return { half: half ?? held(rig), end: held(rig), read, lastCursor };
}

/** The fake relay's own memory is not what is measured. */
function forget({ relay }: SessionRig): void {
  relay.asked.length = 0;
  relay.taken.length = 0;
  relay.rooms.get("tea")?.messages.splice(0);
}

function held(rig: SessionRig): Held {
  forget(rig);
  const sql = rig.openSql();
  try {
    const number = (text: string) => Number(sql.prepare(text).get()?.n);
    const rows = Object.fromEntries(
      TABLES.map((name) => [name, number(`SELECT count(*) n FROM ${name}`)]),
    );
    const indexBytes = number("SELECT sum(length(block)) n FROM found_data");
    const timers = rig.clock.pending;
    return { rows, indexBytes, heapBytes: collectedHeap(), timers };
  } finally {
    sql.close();
  }
}

function collectedHeap(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return Deno.memoryUsage().heapUsed;
}
