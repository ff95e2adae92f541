import type { PeerIdentity } from "./fast_identity.ts";
import { type Heard, prove, RelayPeer } from "./relay_peer.ts";

export interface MemberOptions {
  readonly identity: PeerIdentity;
  readonly room: string;
  /** Relays, in the order in which it tries them. */
  readonly urls: readonly string[];
  /** Between an acknowledgement and the next message, in milliseconds. */
  readonly everyMs: number;
}

/** How long silence counts as a relay that hangs, and how long a login may take; milliseconds. */
const SILENT_MS = 6_000;
const AGAIN_MS = 200;

/** What one connection told of the room: numbers in the order in which they came. */
type Seen = number[];

/**
 * An agent of a cluster as a daemon is one: it says one thing after the other, each under one id until it is
 * acknowledged, at whichever relay lets it in. It keeps what it was told, for the test to judge.
 */
export class ClusterMember {
  readonly #options: MemberOptions;
  /** What was acknowledged: id and number. */
  readonly acknowledged = new Map<string, number>();
  /** Of each connection, the numbers that were delivered or acknowledged over it. */
  readonly seen: Seen[] = [];
  /** From the first try of a message to its acknowledgement, in milliseconds. */
  readonly waits: number[] = [];
  readonly faults: string[] = [];
  #peer: RelayPeer | null = null;
  #at = 0;
  #isOver = false;
  #heardAt = 0;
  /** The id that was said over this connection first: of another the number may be long past. */
  #fresh = "";
  #answered: (frame: Heard | null) => void = () => {};

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Says things until {@link stop}, and then waits for the last acknowledgement. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      const id = crypto.randomUUID();
      this.#fresh = this.#peer === null ? "" : id;
      const began = performance.now();
      while (!this.acknowledged.has(id)) await this.#say(id);
      this.waits.push(performance.now() - began);
      await pause(this.#options.everyMs);
    }
    this.#peer?.close();
  }

  stop(): void {
    this.#isOver = true;
  }

  async #say(id: string): Promise<void> {
    const peer = this.#peer ?? await this.#enter();
    if (peer === null) return await pause(AGAIN_MS);
    const { room } = this.#options;
    const answer = this.#answerOf(id);
    peer.text(peer.message(room, `text of ${id}`, id));
    const frame = await answer;
    if (frame === null) return this.#leave(peer);
    if (frame.type === "message.ack") {
      const seq = Number(frame.seq);
      this.acknowledged.set(id, seq);
      return;
    }
    if (frame.code !== "RATE_LIMITED") {
      this.faults.push(`${frame.code}: ${frame.message}`);
      this.#leave(peer);
    }
    await pause(AGAIN_MS);
  }

  /** The frame that says what became of a message; null where the connection has ended or hangs. */
  #answerOf(id: string): Promise<Heard | null> {
    this.#heardAt = performance.now();
    return new Promise((resolve) => {
      const look = setInterval(() => {
        const silent = performance.now() - this.#heardAt > SILENT_MS;
        if (silent || this.#peer?.closed !== null) answered(null);
      }, 50);
      const answered = (frame: Heard | null) => {
        if (frame !== null && frame.id !== id && frame.ref !== id) return;
        clearInterval(look);
        resolve(frame);
      };
      this.#answered = answered;
    });
  }

  #leave(peer: RelayPeer): void {
    peer.socket.terminate();
    if (this.#peer === peer) this.#peer = null;
    this.#at++;
  }

  /** Logs in at the next relay and joins; null where that fails. */
  async #enter(): Promise<RelayPeer | null> {
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
    const seen: Seen = [];
    this.seen.push(seen);
    this.#fresh = "";
    const { heard } = peer;
    peer.onFrame = (frame) => this.#heard(frame, seen);
    for (const frame of heard) this.#heard(frame, seen);
    this.#peer = peer;
    return peer;
  }

  #heard(frame: Heard, seen: Seen): void {
    this.#heardAt = performance.now();
    const isOfNow = frame.id === this.#fresh ||
      Number(frame.seq) > (seen.at(-1) ?? Infinity);
    const isOwn = frame.type === "message.ack" && isOfNow;
    if (frame.type === "message" || isOwn) seen.push(Number(frame.seq));
    if (frame.type === "message.ack" || frame.type === "error") {
      this.#answered(frame);
    }
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
