import type { AgentFrame } from "../../lib/protocol/frames.ts";
import { RelayCore } from "../../relay/core/core.ts";
import type { CoreEvent, Effect, Now } from "../../relay/core/events.ts";
import type { StoreAnswer, StoreRequest } from "../../relay/store/contract.ts";
import type { ClusterOptions } from "../../relay/core/core_parts.ts";
import { CORE_SETTINGS, type Frame } from "./core_bed.ts";
import { DiskStore } from "./disk_store.ts";
import { SimView } from "./sim_view.ts";
import { countingBytes } from "./relay_agent.ts";
import { SimLog } from "./sim_log.ts";

const START = 1_800_000_000_000;

interface Line {
  readonly agent: string;
  readonly relay: number;
  readonly conn: number;
}

/** Agents over one relay, or over several that are one; what each hears. Nothing is lost or late. */
export class WireBed {
  readonly #relays: readonly WireRelay[];
  readonly #log = new SimLog();
  readonly #lines = new Map<string, Line>();
  readonly #heard = new Map<string, Frame[]>();
  #mono = 1_000_000;
  #conn = 0;
  #nonce = 0;

  /** @param nodes none for a relay by itself. */
  constructor(nodes: readonly string[]) {
    const options = {
      now: () => this.#now,
      log: this.#log,
      say: (conn: number, text: string) => this.#say(conn, text),
      closed: (conn: number) => this.#closed(conn),
    };
    this.#relays = nodes.length === 0
      ? [new WireRelay(options)]
      : nodes.map((node) => new WireRelay(options, { node, retainMs: 1e9 }));
    for (let i = 0; i < 4; i++) this.pass();
  }

  close(): void {
    for (const relay of this.#relays) relay.close();
  }

  /** What an agent heard since the last call. */
  take(agent: string): Frame[] {
    const heard = this.#heard.get(agent) ?? [];
    this.#heard.set(agent, []);
    return heard;
  }

  /** Logs in at the relay of that number, if there are so many. */
  login(agent: string, at: number): void {
    const relay = at % this.#relays.length;
    const conn = ++this.#conn;
    const line = { agent, relay, conn };
    this.#lines.set(`${conn}`, line);
    this.#step(line, { kind: "opened", conn, address: "a" });
    const profile = { id: agent, name: `n${agent.slice(0, 4)}`, version: "1" };
    const features = ["ack", "closed", "left", "presence", "direct", "marks"];
    this.#frame(line, { type: "hello", profile, features });
    const challenge = this.#heard.get(agent)?.at(-1)?.challenge;
    if (typeof challenge !== "string") return;
    const pow = { challenge, proof: "x" };
    this.#lines.set(agent, line);
    this.#frame(line, { type: "hello.pow", pow });
  }

  hang(agent: string): void {
    const line = this.#lines.get(agent);
    if (line === undefined) return;
    this.#closed(line.conn);
    this.#step(line, { kind: "closed", conn: line.conn });
  }

  say(agent: string, fields: Readonly<Record<string, unknown>>): void {
    const line = this.#lines.get(agent);
    if (line !== undefined) this.#frame(line, fields);
  }

  create(agent: string, room: string): void {
    const create = { type: "room.create", room, topic: "t", tags: ["x"] };
    this.say(agent, create);
    const challenge = this.#heard.get(agent)?.at(-1)?.challenge;
    if (typeof challenge !== "string") return;
    this.say(agent, { ...create, pow: { challenge, proof: "x" } });
  }

  /** A second goes by. */
  pass(): void {
    this.#mono += 1_000;
    for (const relay of this.#relays) relay.step({ kind: "tick" });
    this.#flow();
  }

  get #now(): Now {
    return { wall: START + this.#mono, mono: this.#mono };
  }

  #frame(line: Line, fields: Readonly<Record<string, unknown>>): void {
    const nonce = `n${++this.#nonce}`;
    const stamp = { nonce, timestamp: this.#now.wall, signature: "" };
    const frame = { ...fields, ...stamp } as unknown as AgentFrame;
    const text = JSON.stringify(frame);
    this.#step(line, { kind: "frame", conn: line.conn, frame, text });
  }

  #step(line: Line, event: CoreEvent): void {
    this.#relays[line.relay]?.step(event);
    this.#flow();
  }

  #flow(): void {
    for (let round = 0; round < 3; round++) {
      this.#log.landAll(this.#now.wall);
      for (const relay of this.#relays) relay.catchUp();
    }
  }

  #say(conn: number, text: string): void {
    const line = this.#lines.get(`${conn}`);
    if (line === undefined) return;
    const heard = this.#heard.get(line.agent) ?? [];
    this.#heard.set(line.agent, [...heard, JSON.parse(text) as Frame]);
  }

  #closed(conn: number): void {
    const line = this.#lines.get(`${conn}`);
    if (line === undefined) return;
    this.#lines.delete(`${conn}`);
    if (this.#lines.get(line.agent) === line) this.#lines.delete(line.agent);
  }
}

interface WireRelayOptions {
  readonly now: () => Now;
  readonly log: SimLog;
  readonly say: (conn: number, text: string) => void;
  readonly closed: (conn: number) => void;
}

/** A relay whose store answers at once. */
class WireRelay {
  readonly #options: WireRelayOptions;
  readonly #core: RelayCore;
  readonly #store = new DiskStore();
  readonly #view = new SimView();
  /** Whether it is one of several that share a log. */
  readonly #isOne: boolean;
  #handed = 0;

  constructor(options: WireRelayOptions, cluster?: ClusterOptions) {
    this.#options = options;
    this.#isOne = cluster !== undefined;
    this.#core = new RelayCore({
      settings: {
        ...CORE_SETTINGS,
        difficulty: { login: 0, create: 0, direct: 0 },
      },
      randomBytes: countingBytes(),
      ...(cluster === undefined ? {} : { cluster }),
    });
    this.#apply(this.#core.restore(this.#view.start(), options.now()));
    const said = { type: "opened", log: "log", end: 0 } as const;
    this.step({ kind: "log", said });
  }

  step(event: CoreEvent): void {
    this.#apply(this.#core.step(event, this.#options.now()));
  }

  catchUp(): void {
    const entries = this.#options.log.after(this.#handed, Infinity);
    this.#handed = entries.at(-1)?.position ?? this.#handed;
    if (entries.length === 0) return;
    this.step({ kind: "log", said: { type: "entries", entries } });
  }

  close(): void {
    this.#store.close();
    this.#view.close();
  }

  #answer(request: StoreRequest): StoreAnswer {
    if (request.kind === "batch") return this.#view.apply(request);
    return request.kind === "inbox" && this.#isOne
      ? this.#view.read(request)
      : this.#store.answer(request);
  }

  #apply(effects: readonly Effect[]): void {
    const { say, closed, log } = this.#options;
    for (const effect of effects) {
      if (effect.kind === "send") say(effect.conn, effect.text);
      else if (effect.kind === "broadcast") {
        for (const conn of effect.conns) say(conn, effect.text);
      } else if (effect.kind === "close") closed(effect.conn);
      else if (effect.kind === "log") {
        if (effect.message.type === "publish") {
          log.publish(effect.message.batch);
        }
      } else if (effect.kind === "store") {
        const { request } = effect;
        const answer = this.#answer(request);
        this.step({ kind: "answer", answer });
      }
    }
  }
}
