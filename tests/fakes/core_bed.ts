import { Verifier } from "../../lib/protocol/verifying.ts";
import { RelayCore } from "../../relay/core/core.ts";
import type { ConnId, CoreEvent, Effect } from "../../relay/core/events.ts";
import {
  type CoreSettings,
  DEFAULT_LIMITS,
} from "../../relay/core/settings.ts";
import { ingest } from "../../relay/shell/ingest.ts";
import { BINARY } from "../../relay/shell/peer.ts";
import { asChecked, type Plain } from "./plain.ts";
import type {
  StoredMessage,
  StoredRoom,
  StoreRequest,
} from "../../relay/store/contract.ts";
import { FakeStore } from "./fake_store.ts";
import { countingBytes, FrameMaker, prove } from "./relay_agent.ts";
import type { PeerIdentity } from "./fast_identity.ts";

export type Frame = { readonly type: string; readonly [key: string]: unknown };

export const CORE_SETTINGS: CoreSettings = {
  relayName: "agentnet",
  requireOrigin: false,
  history: "public",
  direct: true,
  blobs: {
    bytes: 1_000_000,
    keptMs: 7 * 24 * 3_600_000,
    agentBytes: 4_000_000,
    roomBytes: 8_000_000,
    addressBytes: 16_000_000,
    totalBytes: 32_000_000,
  },
  joinAgeMs: 0,
  createAgeMs: 0,
  roomIdleMs: 3_600_000,
  roomEmptyMs: 0,
  roomGraceMs: 600_000,
  limits: DEFAULT_LIMITS,
  difficulty: { login: 1, create: 2, direct: 2 },
  deny: new Set(),
};

/** One agent's line into the bed. */
export interface BedLine {
  readonly conn: ConnId;
  readonly maker: FrameMaker;
}

/** The core with a store beside it, in one thread and with time turned by hand; frames take the real way in. */
export class CoreBed {
  readonly core: RelayCore;
  readonly store: FakeStore;
  now = { wall: 1_800_000_000_000, mono: 1_000_000 };
  /** Keeps the store's requests unanswered until {@link CoreBed.release}. */
  isHeld = false;
  readonly closed = new Map<ConnId, number>();
  /** What those hear who only watch. */
  readonly said: StoredMessage[] = [];
  readonly #inboxes = new Map<ConnId, Frame[]>();
  readonly #verifier = new Verifier();
  #held: StoreRequest[] = [];
  #lastConn = 0;

  constructor(settings: Partial<CoreSettings> = {}, store = new FakeStore()) {
    this.store = store;
    this.core = new RelayCore({
      settings: { ...CORE_SETTINGS, ...settings },
      randomBytes: countingBytes(),
    });
  }

  /** Rooms as if restored from disk, where a proof of work would only take time. */
  rooms(...names: (string | Partial<Plain<StoredRoom>>)[]): this {
    const rooms = names.map((one) =>
      asChecked<StoredRoom>({
        name: "room",
        topic: "",
        tags: [],
        created_by: "",
        created_from: "",
        created_at: this.now.wall,
        last_active: this.now.wall,
        ...{ messages: 0, bytes: 0 },
        ...(typeof one === "string" ? { name: one } : one),
      })
    );
    for (const { name } of rooms) this.store.rooms.set(name, []);
    const ready = { kind: "ready", rooms, nonces: [], closed: [] } as const;
    this.core.restore(ready, this.now);
    return this;
  }

  maker(identity: PeerIdentity): FrameMaker {
    return new FrameMaker(identity, () => this.now.wall);
  }

  open(address = "127.0.0.1"): ConnId {
    const conn = ++this.#lastConn;
    this.step({ kind: "opened", conn, address });
    return conn;
  }

  /** Logs in; takes the challenge and the welcome off the inbox. */
  login(
    maker: FrameMaker,
    more: Record<string, unknown> = {},
    address?: string,
  ): BedLine {
    const conn = this.open(address);
    this.text(conn, maker.hello(more));
    const [challenge] = this.take(conn);
    if (challenge?.type !== "pow.challenge") {
      throw new Error(JSON.stringify(challenge));
    }
    this.text(conn, maker.helloPow(challenge));
    const [welcome] = this.take(conn);
    if (welcome?.type !== "welcome") throw new Error(JSON.stringify(welcome));
    return { conn, maker };
  }

  text(conn: ConnId, text: string): void {
    const { core } = this;
    const parts = { core, verifier: this.#verifier, waits: () => false };
    this.step(ingest(conn, text, parts));
  }

  binary(conn: ConnId): void {
    this.step({ kind: "refused", conn, fault: BINARY });
  }

  drop(conn: ConnId): void {
    this.step({ kind: "closed", conn });
  }

  /** Goes on by so many milliseconds, with one tick at the end. */
  pass(ms: number): void {
    this.now = { wall: this.now.wall + ms, mono: this.now.mono + ms };
    this.step({ kind: "tick" });
  }

  /** What the connection got since the last call. */
  take(conn: ConnId): Frame[] {
    const frames = this.#inboxes.get(conn) ?? [];
    this.#inboxes.set(conn, []);
    return frames;
  }

  /** The types of what it got, with an error's code in place of its type. */
  types(conn: ConnId): string[] {
    return this.take(conn).map(({ type, code }) =>
      type === "error" ? String(code) : type
    );
  }

  /** Sends one frame; the types of what came back. */
  ask(line: BedLine, text: string): string[] {
    this.take(line.conn);
    this.text(line.conn, text);
    return this.types(line.conn);
  }

  create(line: BedLine, room: string): string[] {
    this.take(line.conn);
    this.text(line.conn, line.maker.create(room));
    const [answer] = this.take(line.conn);
    if (answer?.type !== "pow.challenge") return [String(answer?.code)];
    const more = { pow: prove(answer) };
    return this.ask(line, line.maker.create(room, more));
  }

  /** Answers the held requests, in order: all, or the first few. */
  release(count = Infinity): void {
    for (const request of this.#held.splice(0, count)) this.#answer(request);
  }

  step(event: CoreEvent): void {
    this.apply(this.core.step(event, this.now));
  }

  /** Does what the core asks for. */
  apply(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.#deliver([effect.conn], effect.text);
      else if (effect.kind === "broadcast") {
        this.#deliver(effect.conns, effect.text);
      } else if (effect.kind === "close") {
        this.closed.set(effect.conn, effect.code);
      } else if (effect.kind === "said") this.said.push(effect.message);
      else if (effect.kind !== "store") continue;
      else if (this.isHeld) this.#held.push(effect.request);
      else this.#answer(effect.request);
    }
  }

  #answer(request: StoreRequest): void {
    this.step({ kind: "answer", answer: this.store.answer(request) });
  }

  #deliver(conns: readonly ConnId[], text: string): void {
    for (const conn of conns) {
      const inbox = this.#inboxes.get(conn) ?? [];
      inbox.push(JSON.parse(text) as Frame);
      this.#inboxes.set(conn, inbox);
    }
  }
}
