import type { PeerIdentity } from "./fast_identity.ts";
import { type Heard, prove, RelayPeer } from "./relay_peer.ts";

export interface MemberOptions {
  readonly identity: PeerIdentity;
  readonly room: string;
  /** Relays, in the order in which it tries them. */
  readonly urls: readonly string[];
  /** Between two messages, whatever became of the first; in milliseconds. */
  readonly everyMs: number;
}

/** How long silence counts as a relay that hangs, and how long a login may take; milliseconds. */
const SILENT_MS = 6_000;
const AGAIN_MS = 200;
/** Between two looks at what is due. */
const LOOK_MS = 20;
/** Most messages that wait for their acknowledgement: more are not said. */
const MOST_WAITING = 512;

/** One connection that is in the room. */
interface Line {
  readonly peer: RelayPeer;
  /** Numbers that were delivered or acknowledged over it, in the order in which they came. */
  readonly seen: number[];
  /** Ids that were said over it first: of another the number may be long past. */
  readonly fresh: Set<string>;
  heardAt: number;
}

/** A message that was not acknowledged yet. */
interface Waiting {
  readonly since: number;
  /** When it is said again on the same line; never, but where the relay asked for it. */
  againAt: number;
}

/**
 * An agent of a cluster as a daemon is one: it says things at an even rate, each under one id until it is
 * acknowledged, at whichever relay lets it in. It keeps what it was told, for the test to judge.
 */
export class ClusterMember {
  readonly #options: MemberOptions;
  /** What was acknowledged: id and number. */
  readonly acknowledged = new Map<string, number>();
  /** Of each connection, the numbers that were delivered or acknowledged over it. */
  readonly seen: number[][] = [];
  /** From when a message was due to its acknowledgement, in milliseconds. */
  readonly waits: number[] = [];
  readonly faults: string[] = [];
  /** In the order in which they were said. */
  readonly #waiting = new Map<string, Waiting>();
  #said = 0;
  #at = 0;
  #began = 0;
  #isOver = false;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Says things until {@link stop}, and then waits for the last acknowledgement. */
  async run(): Promise<void> {
    this.#began = performance.now();
    while (!this.#isDone) {
      const line = await this.#enter();
      if (line === null) await pause(AGAIN_MS);
      else await this.#talk(line);
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  get #isDone(): boolean {
    return this.#isOver && this.#waiting.size === 0;
  }

  /** Until the line ends or hangs, or there is nothing to say any more. */
  async #talk(line: Line): Promise<void> {
    const { peer } = line;
    for (const id of this.#waiting.keys()) this.#say(id, line);
    while (peer.closed === null) {
      this.#sayDue(line);
      await pause(LOOK_MS);
      if (this.#isDone) return peer.close();
      if (performance.now() - line.heardAt > SILENT_MS) break;
    }
    peer.socket.terminate();
    this.#at++;
  }

  #sayDue(line: Line): void {
    const now = performance.now();
    for (const [id, waiting] of this.#waiting) {
      if (waiting.againAt <= now) this.#say(id, line);
    }
    const { everyMs } = this.#options;
    while (!this.#isOver && this.#waiting.size < MOST_WAITING) {
      const since = this.#began + this.#said * everyMs;
      if (since > now) return;
      const id = crypto.randomUUID();
      this.#said++;
      this.#waiting.set(id, { since, againAt: Infinity });
      line.fresh.add(id);
      this.#say(id, line);
    }
  }

  #say(id: string, { peer }: Line): void {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) waiting.againAt = Infinity;
    peer.text(peer.message(this.#options.room, `text of ${id}`, id));
  }

  /** Logs in at the next relay and joins; null where that fails. */
  async #enter(): Promise<Line | null> {
    const { identity, urls, room } = this.#options;
    const url = urls[this.#at % urls.length] ?? "";
    let peer: RelayPeer | null = null;
    try {
      peer = await within(SILENT_MS, RelayPeer.open(url, { identity }));
      await within(SILENT_MS, logIn(peer, identity));
      await within(SILENT_MS, peer.join(room));
    } catch {
      // Whatever kept it from coming in: another relay may let it in.
      peer?.socket.terminate();
      this.#at++;
      return null;
    }
    const line: Line = {
      peer,
      seen: [],
      fresh: new Set(),
      heardAt: performance.now(),
    };
    this.seen.push(line.seen);
    peer.onFrame = (frame) => this.#heard(frame, line);
    for (const frame of peer.heard) this.#heard(frame, line);
    return line;
  }

  #heard(frame: Heard, line: Line): void {
    line.heardAt = performance.now();
    if (frame.type === "message") line.seen.push(Number(frame.seq));
    else if (frame.type === "message.ack") this.#acknowledge(frame, line);
    else if (frame.type === "error") this.#refused(frame);
  }

  #acknowledge(frame: Heard, { seen, fresh }: Line): void {
    const id = String(frame.id);
    const seq = Number(frame.seq);
    if (fresh.has(id) || seq > (seen.at(-1) ?? Infinity)) seen.push(seq);
    const before = this.acknowledged.get(id) ?? seq;
    if (before !== seq) this.faults.push(`${id} at ${before} and ${seq}`);
    this.acknowledged.set(id, seq);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    this.waits.push(performance.now() - waiting.since);
  }

  #refused(frame: Heard): void {
    const waiting = this.#waiting.get(String(frame.ref));
    if (frame.code === "RATE_LIMITED" && waiting !== undefined) {
      waiting.againAt = performance.now() + AGAIN_MS;
    } else this.faults.push(`${frame.code}: ${frame.message}`);
  }
}

async function logIn(peer: RelayPeer, { id }: PeerIdentity): Promise<void> {
  peer.signed({
    type: "hello",
    profile: { id, name: "member", version: "1" },
    features: ["ack"],
  });
  const challenge = await peer.next("pow.challenge");
  peer.sign({ type: "hello.pow", pow: await prove(challenge) });
  await peer.next("welcome");
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("too late")), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
