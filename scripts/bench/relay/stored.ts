import { Buffer } from "node:buffer";
import { signFrame } from "../../../lib/protocol/signing.ts";
import {
  fastIdentity,
  type PeerIdentity,
} from "../../../tests/fakes/fast_identity.ts";
import { RelayPeer } from "../../../tests/fakes/relay_peer.ts";
import { gather, inBatches } from "../../../tests/scenarios/crowd.ts";
import { RawLine } from "./raw_line.ts";
import { measureCost } from "./server_cost.ts";
import type { Server } from "./servers.ts";
import { clientFrames, FrameWalk } from "./wire_bytes.ts";

const PAIRS = 40;
const EACH = 500;
/** Frames of one pair that have no answer yet. */
const IN_FLIGHT = 64;

export interface StoredFigures {
  /** Messages a second that are taken, stored, acknowledged and delivered. */
  readonly perSecond: number;
  /** Of the whole process, in microseconds. */
  readonly cpuAMessage: number;
  /** Of the thread that did most. */
  readonly busiestAMessage: number;
}

/** Pairs of agents, each in a room of its own: one speaks as fast as it is answered, the other hears. */
export class Pairs {
  readonly #server: Server;
  readonly #pairs: readonly Pair[];

  private constructor(server: Server, pairs: readonly Pair[]) {
    this.#server = server;
    this.#pairs = pairs;
  }

  static async atRelay(server: Server): Promise<Pairs> {
    const pairs = await inBatches(PAIRS, async (i) => {
      const login = (number: number) =>
        RelayPeer.login(server.url, {
          identity: fastIdentity(number),
          features: ["ack"],
        });
      const room = `pair-${i}`;
      const peers = [await login(2 * i), await login(2 * i + 1)] as const;
      await gather(peers, room);
      await Promise.all(peers.map((peer) => peer.pong()));
      const [sender, reader] = peers;
      return new Pair({
        sender: RawLine.under(sender.socket),
        reader: RawLine.under(reader.socket),
        message: (id) => sender.message(room, `message ${id} of a bench`, id),
      });
    });
    return new Pairs(server, pairs);
  }

  /** A server that decodes, checks, answers and passes on, and does nothing else. */
  static async atFloor(server: Server): Promise<Pairs> {
    const pairs = await inBatches(PAIRS, async (i) => {
      const url = `${server.url}${i}`;
      const room = `pair-${i}`;
      const identity = fastIdentity(2 * i);
      return new Pair({
        sender: await RawLine.dial(url),
        reader: await RawLine.dial(url),
        message: (id) => messageText({ identity, room, id }),
      });
    });
    return new Pairs(server, pairs);
  }

  async measure(): Promise<StoredFigures> {
    for (const pair of this.#pairs) pair.prepare(EACH);
    const cost = measureCost(this.#server.pid);
    const from = performance.now();
    await Promise.all(this.#pairs.map((pair) => pair.run()));
    const seconds = (performance.now() - from) / 1000;
    const messages = PAIRS * EACH;
    const { cpuSeconds, busiestSeconds } = cost();
    return {
      perSecond: messages / seconds,
      cpuAMessage: cpuSeconds / messages * 1e6,
      busiestAMessage: busiestSeconds / messages * 1e6,
    };
  }

  end(): Promise<unknown> {
    for (const pair of this.#pairs) pair.end();
    return this.#server.end();
  }
}

interface PairOptions {
  readonly sender: RawLine;
  readonly reader: RawLine;
  /** A message as text. */
  readonly message: (id: string) => string;
}

class Pair {
  readonly #options: PairOptions;
  #made = 0;
  #messages: Buffer[] = [];
  #sent = 0;
  #answered = 0;
  #heard = 0;
  #done = Promise.withResolvers<void>();

  constructor(options: PairOptions) {
    this.#options = options;
    const [answers, heard] = [new FrameWalk(), new FrameWalk()];
    options.sender.onBytes = (chunk) => {
      answers.take(chunk, () => this.#answered++);
      this.#goOn();
    };
    options.reader.onBytes = (chunk) => {
      heard.take(chunk, () => this.#heard++);
      this.#goOn();
    };
  }

  prepare(count: number): void {
    const next = () => this.#options.message(`m${this.#made++}`);
    this.#messages = Array.from(
      { length: count },
      () => clientFrames([next()]),
    );
    this.#sent = this.#answered = this.#heard = 0;
    this.#done = Promise.withResolvers();
  }

  /** Ends when each message is answered and heard. */
  run(): Promise<void> {
    this.#goOn();
    return this.#done.promise;
  }

  end(): void {
    this.#options.sender.end();
    this.#options.reader.end();
  }

  #goOn(): void {
    const { length } = this.#messages;
    const until = Math.min(length, this.#answered + IN_FLIGHT);
    if (until > this.#sent) {
      const due = this.#messages.slice(this.#sent, until);
      this.#sent = until;
      this.#options.sender.write(Buffer.concat(due));
    }
    if (this.#answered >= length && this.#heard >= length) this.#done.resolve();
  }
}

function messageText(
  { identity: { id: from, sign }, room, id }: {
    readonly identity: PeerIdentity;
    readonly room: string;
    readonly id: string;
  },
): string {
  return JSON.stringify(signFrame({
    ...{ type: "message", id, room, from, nonce: id },
    content: { type: "text", text: `message ${id} of a bench` },
    timestamp: Date.now(),
  }, sign));
}
