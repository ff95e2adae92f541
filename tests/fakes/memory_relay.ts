import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import type { Marks } from "../../lib/protocol/marks_frames.ts";
import type {
  ConnectionEnd,
  ConnectOptions,
  OutgoingMessage,
  Push,
  SendOutcome,
} from "../../lib/client/connection_types.ts";
import type { HistoryQuery } from "../../lib/client/outgoing.ts";
import type { Clock } from "../../lib/clock.ts";
import { decodeHistoryMessage } from "../../lib/protocol/decode_relay_frame.ts";
import {
  type Feature,
  FEATURES,
  type RawObject,
  type RoomHistoryResult,
  type RoomJoined,
  type RoomLeft,
} from "../../lib/protocol/frames.ts";
import type {
  MemberPresence,
  Presence,
} from "../../lib/protocol/presence_frames.ts";
import { roomName } from "./plain.ts";
import { agent } from "./agents.ts";
import type { RestHistory } from "../../daemon/session/receive/rest_history.ts";
import type {
  Connect,
  RelayConnection,
} from "../../daemon/session/session_options.ts";
import type { PeerIdentity } from "./fast_identity.ts";
import { historyPage, roomsPage } from "./memory_pages.ts";
import { saidMessage, type Unusual } from "./said_message.ts";
import { restRowOf } from "./rest_row.ts";

interface FakeRoom {
  topic: string;
  tags: readonly string[];
  messages: RawObject[];
  nextSeq: number;
}

/**
 * A relay in memory, seen through the connection of one agent. Others speak by {@link say}; what a test wants otherwise
 * stands in `refuse` and `outcome`.
 */
export class MemoryRelay {
  readonly #clock: Clock;
  readonly features: ReadonlySet<Feature>;
  readonly rooms = new Map<string, FakeRoom>();
  /** Operations asked for, as "join tea". */
  readonly asked: string[] = [];
  /** Messages that the relay took from the agent. */
  readonly taken: OutgoingMessage[] = [];
  /** Thrown in place of an operation, by its line in `asked`. */
  refuse: (operation: string) => Failure | undefined = () => undefined;
  /** What the answer to an operation waits for. */
  slow: (operation: string) => Promise<void> | undefined = () => undefined;
  /** "unanswered": taken, and the answer does not come. */
  outcome: (
    message: OutgoingMessage,
  ) => SendOutcome["status"] | "lost" | "unanswered" = () => "accepted";
  /** Who else is in each room, by key. */
  others: readonly string[] = ["1".repeat(44)];
  /** What a leave is answered with. */
  left: (room: string) => RoomLeft | undefined = () => undefined;
  presence: (room: string) => MemberPresence[] = () => [];
  /** What readers told of messages. */
  readonly marks: Pick<Marks, "room" | "marks">[] = [];
  readonly told: Omit<Presence, "type">[] = [];
  /** Nobody can connect; a history always says that there is more. */
  down = false;
  endless = false;
  skewMs: number | undefined = 0;
  connects = 0;
  #events: ConnectOptions["events"] | undefined;
  #joined = new Set<string>();
  #ids = 0;

  constructor(clock: Clock, features: readonly Feature[] = FEATURES) {
    this.#clock = clock;
    this.features = new Set(features);
  }

  readonly connect: Connect = (options) => {
    this.connects++;
    const refused = this.down
      ? new Failure("NOT_CONNECTED", { fields: { reason: "refused" } })
      : this.refuse("connect");
    if (refused !== undefined) return Promise.reject(refused);
    this.#joined.clear();
    this.#events = options.events;
    return Promise.resolve(this.#connection(options.events));
  };

  readonly restHistory: RestHistory = (room, page) => {
    const operation = `rest ${room}`;
    this.asked.push(operation);
    const refused = this.refuse(operation);
    if (refused !== undefined) return Promise.reject(refused);
    const before = page.before ?? Infinity;
    const rows = (this.rooms.get(room)?.messages ?? [])
      .filter((raw) => Number(raw.timestamp) < before)
      .toReversed()
      .slice(0, page.limit)
      .map(restRowOf);
    return Promise.resolve(rows);
  };

  get isConnected(): boolean {
    return this.#events !== undefined;
  }

  /** The agent is out of the room, and does not hear so. */
  letGo(room: string): void {
    this.#joined.delete(room);
  }

  hasJoined(room: string): boolean {
    return this.#joined.has(room);
  }

  makeRoom(name: string, nextSeq = 1_000): void {
    this.rooms.set(name, { topic: "", tags: [], messages: [], nextSeq });
  }

  /** The line is gone. */
  cut(kind: ConnectionEnd["kind"] = "lost"): void {
    const events = this.#events;
    this.#events = undefined;
    this.#joined.clear();
    events?.ended({ kind, reason: "cut" });
  }

  /** Somebody speaks; the relay keeps it, and delivers it to the agent if it is there. */
  say(
    room: string,
    by: PeerIdentity,
    text: string,
    { deliver = true, keep = true, ...fields }: Unusual & {
      readonly deliver?: boolean;
      readonly keep?: boolean;
    } = {},
  ): RawObject {
    const raw = this.frame(room, by, { text, ...fields });
    if (keep) this.rooms.get(room)?.messages.push(raw);
    if (deliver && this.#joined.has(room)) this.deliver(raw);
    return raw;
  }

  /** A signed message with the relay's stamp; it takes the room's next number. */
  frame(
    room: string,
    by: PeerIdentity,
    fields: Unusual & { readonly text: string },
  ): RawObject {
    const place = { n: ++this.#ids, room, now: this.#clock.wall() };
    const signed = saidMessage(place, by, fields);
    const here = this.rooms.get(room);
    if (here === undefined) throw new Error(`no room ${room}`);
    const { name = "them" } = fields;
    const stamp = { from_name: name, received_at: this.#clock.wall() };
    return this.features.has("history")
      ? { ...signed, ...stamp, seq: here.nextSeq++ }
      : signed;
  }

  /** Pushes a message frame down the line, as a decoder lets it through. */
  deliver(raw: RawObject): void {
    const decoded = decodeHistoryMessage(raw);
    if (decoded.ok) this.#events?.push({ frame: decoded.frame, raw });
    else this.#events?.dropped(decoded.fault.message);
  }

  /** What the relay sent went by unread. */
  overrun(): void {
    this.send({ overrun: true });
  }

  /** An acknowledgement that nobody waits for any more. */
  lateAck(id: string, seq: number): void {
    const received_at = this.#clock.wall();
    this.push({ type: "message.ack", id, seq, received_at });
  }

  /** It has the agent in a room, and says so when nobody waits for it any more. */
  lateJoined(room: string): void {
    this.push(this.#enter(room));
  }

  close(room: string, reason = "idle"): void {
    this.rooms.delete(room);
    this.#joined.delete(room);
    this.push({ type: "room.closed", room: roomName(room), reason });
  }

  /** A frame that the agent did not ask for. */
  push(frame: Extract<Push, { frame: object }>["frame"]): void {
    this.send({ frame } as Push);
  }

  /** Whatever a relay can send. */
  send(push: Push): void {
    this.#events?.push(push);
  }

  #connection(events: ConnectOptions["events"]): RelayConnection {
    const clock = this.#clock;
    const skew = this.skewMs;
    const run = <T>(operation: string, action: () => T): Promise<T> => {
      this.asked.push(operation);
      if (this.#events !== events) {
        return Promise.reject(new Failure("NOT_CONNECTED"));
      }
      const refused = this.refuse(operation);
      return refused === undefined
        ? Promise.resolve(this.slow(operation)).then(action)
        : Promise.reject(refused);
    };
    return {
      relay: "memory",
      features: this.features,
      get lastPongAt() {
        return clock.monotonic();
      },
      get clockSkewMs() {
        return skew;
      },
      create: ({ room, topic, tags }) =>
        run(`create ${room}`, () => {
          if (this.rooms.has(room)) {
            throw new Failure("ROOM_EXISTS", { fields: { room } });
          }
          this.makeRoom(room, clock.wall());
          Object.assign(this.rooms.get(room) ?? {}, { topic, tags });
          return this.#enter(room);
        }),
      join: (room) => run(`join ${room}`, () => this.#enter(room)),
      leave: (room) =>
        run(`leave ${room}`, () => {
          this.#joined.delete(room);
          return this.left(room);
        }),
      send: (message) => run(`send ${message.room}`, () => this.#send(message)),
      direct: ({ id }) =>
        run(`direct ${id}`, () => ({ status: "accepted" } as const)),
      directAck: () => run("direct.ack", () => {}),
      list: (query) =>
        run(`list ${query?.q ?? ""}`, () => roomsPage(this.rooms)),
      presence: (room) =>
        run(`presence ${room}`, () => ({
          ...{ type: "room.presence.result", room: roomName(room) },
          members: this.presence(room),
        })),
      tellPresence: (told) => void this.told.push(told),
      tellMarks: (told) =>
        run(`marks ${told.room}`, () => void this.marks.push(told)),
      history: (query) => run(`history ${query.room}`, () => this.#page(query)),
      close: () => {
        if (this.#events === events) this.#events = undefined;
      },
    };
  }

  #enter(room: string): RoomJoined {
    const here = this.rooms.get(room);
    if (here === undefined) {
      throw new Failure("ROOM_NOT_FOUND", { fields: { room } });
    }
    this.#joined.add(room);
    const { topic, tags } = here;
    const members = this.others.map((id) => ({ id, name: "x", joined_at: 1 }));
    return { type: "room.joined", room: roomName(room), topic, tags, members };
  }

  #send(message: OutgoingMessage): SendOutcome {
    if (!this.#joined.has(message.room)) {
      throw new Failure("NOT_IN_ROOM", { fields: { room: message.room } });
    }
    const outcome = this.outcome(message);
    if (outcome === "lost") this.cut();
    const isKept = outcome === "accepted" || outcome === "unanswered";
    if (!isKept) return { status: "unknown" };
    this.taken.push(message);
    const { room, text, id, reply_to, kind, file } = message;
    const fields = this.features.has("fields") ? { reply_to, kind, file } : {};
    const said = { id, deliver: false, more: defined(fields) };
    const raw = this.say(room, agent(1), text, said);
    const seq = Number(raw.seq);
    if (outcome === "unanswered") return { status: "unknown" };
    return { status: "accepted", ...(this.features.has("ack") ? { seq } : {}) };
  }

  #page(query: HistoryQuery): RoomHistoryResult {
    const page = historyPage(this.rooms.get(query.room)?.messages ?? [], query);
    return { ...page, has_more: this.endless || page.has_more };
  }
}
