import type { RelayConnection } from "../../daemon/session/session_options.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  ConnectOptions,
  OutgoingMessage,
  SendOutcome,
} from "../../lib/client/connection_types.ts";
import type { HistoryQuery } from "../../lib/client/outgoing.ts";
import { decodeHistoryMessage } from "../../lib/protocol/decode_relay_frame.ts";
import {
  type Feature,
  FEATURES,
  type RawObject,
} from "../../lib/protocol/frames.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import type { PeerIdentity } from "./fast_identity.ts";
import { FakeClock, settle } from "./fake_clock.ts";
import { HubInboxes } from "./hub_inboxes.ts";
import { MemoryBlobs } from "./memory_files.ts";
import { historyPage, roomsPage } from "./memory_pages.ts";
import { roomName } from "./plain.ts";
import { restRowOf } from "./rest_row.ts";

/** What the hub knows of an agent at it. */
export interface HubGuest {
  /** Questions to its keys that are not answered yet. */
  readonly asking: number;
  end(): void;
}

const ONE = new Uint8Array(1);

interface HubRoom {
  readonly topic: string;
  readonly tags: readonly string[];
  readonly messages: RawObject[];
  readonly members: Map<string, ConnectOptions["events"]>;
  nextSeq: number;
}

/** A relay in memory with several agents at it, which a test can make lie. */
export class SealedHub {
  readonly clock = new FakeClock();
  readonly blobs = new MemoryBlobs(() => this.clock.wall());
  readonly rooms = new Map<string, HubRoom>();
  readonly features: ReadonlySet<Feature>;
  /** All that was ever said, in order. */
  readonly said: RawObject[] = [];
  /** Rooms of which somebody told what was read. */
  readonly marks: string[] = [];
  /** What an agent is given of a frame: none, itself, or others. */
  tells: (raw: RawObject, to: string) => readonly RawObject[] = (raw) => [raw];
  /** What a history shows of a frame; the same by default. */
  shows: (raw: RawObject, to: string) => boolean = () => true;
  /** Whether an entry into a room is not answered in time, but half a minute later. */
  isLate: (room: string) => boolean = () => false;
  /** Whether who wants to join is told that there is no such room, as by a relay that hears of it a moment later. */
  isBehind: () => boolean = () => false;
  /** Whether what an agent sends does not come to the relay, whose line is about to break. */
  isLost: (raw: RawObject) => boolean = () => false;
  readonly #guests: HubGuest[] = [];
  /** What waits for one agent alone, where the hub has the feature `direct`. */
  readonly inboxes = new HubInboxes(this);

  constructor(features: readonly Feature[] = FEATURES) {
    this.features = new Set(features);
  }

  /** One whose questions to its keys are waited for, and who ends with the hub. */
  add(guest: HubGuest): void {
    this.#guests.push(guest);
  }

  /** Goes on until something is so. */
  async until(
    is: () => boolean | Promise<boolean>,
    what = "it",
  ): Promise<void> {
    for (let turn = 0; turn < 600; turn++) {
      if (await is()) return;
      await this.clock.advance(turn % 4 === 0 ? 250 : 0);
      await this.#keysAnswered();
    }
    throw new Error(`${what} did not come about`);
  }

  /** Goes on by so much, with time for what is done by other threads. */
  async goOn(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.clock.advance(Math.min(left, 500));
      await this.#keysAnswered();
    }
  }

  /** Their work is done by other threads, whose time no clock of ours turns. */
  async #keysAnswered(): Promise<void> {
    do {
      await settle(8);
      // What other threads hash for a session is done in order; a signature takes three.
      for (let n = 0; n < 4; n++) await crypto.subtle.digest("SHA-512", ONE);
    } while (this.#guests.some(({ asking }) => asking > 0));
  }

  /** Gives a frame to an agent that is in its room. */
  give(raw: RawObject, to: string): void {
    const events = this.rooms.get(String(raw.room))?.members.get(to);
    const decoded = decodeHistoryMessage(raw);
    if (decoded.ok) events?.push({ frame: decoded.frame, raw });
    else events?.dropped(decoded.fault.message);
  }

  /** Says a message in a room, as whoever signs it. */
  say(by: PeerIdentity, { room, id, text }: OutgoingMessage): RawObject {
    const here = this.#room(room);
    const signed = signFrame({
      ...{ type: "message", id, room, from: by.id },
      timestamp: this.clock.wall(),
      content: { type: "text", text },
      nonce: `nonce${this.said.length}`,
    }, by.sign);
    const stamp = { from_name: "x", received_at: this.clock.wall() };
    const raw = this.features.has("history")
      ? { ...signed, ...stamp, seq: here.nextSeq++ }
      : signed;
    here.messages.push(raw);
    this.said.push(raw);
    for (const to of here.members.keys()) {
      if (to === by.id) continue;
      for (const told of this.tells(raw, to)) this.give(told, to);
    }
    return raw;
  }

  connection(by: PeerIdentity, events: ConnectOptions["events"]) {
    const clock = this.clock;
    const enter = (name: string) => {
      const here = this.#room(name);
      const joined = {
        type: "room.member_joined" as const,
        ...{
          room: roomName(name),
          agent: { id: by.id, name: by.id.slice(0, 4) },
        },
      };
      for (const [id, other] of here.members) {
        if (id !== by.id) other.push({ frame: joined } as never);
      }
      here.members.set(by.id, events);
      const members = [...here.members.keys()].map((id) => ({
        ...{ id, name: id.slice(0, 4), joined_at: 1 },
      }));
      const { topic, tags } = here;
      return {
        ...{ type: "room.joined" as const, room: roomName(name) },
        ...{ topic, tags, members },
      };
    };
    const entered = (name: string) => {
      const frame = enter(name);
      if (!this.isLate(name)) return frame;
      clock.after(30_000, () => events.push({ frame }));
      throw new Failure("OUTCOME_UNKNOWN");
    };
    const later = async <T>(action: () => T): Promise<T> => {
      await Promise.resolve();
      return action();
    };
    const connection: RelayConnection = {
      ...{ relay: "hub", features: this.features },
      get lastPongAt() {
        return clock.monotonic();
      },
      get clockSkewMs() {
        return 0;
      },
      create: ({ room, topic, tags }) =>
        later(() => {
          if (this.rooms.has(room)) {
            throw new Failure("ROOM_EXISTS", { fields: { room } });
          }
          const [members, messages] = [new Map(), []];
          const nextSeq = clock.wall();
          this.rooms.set(room, { topic, tags, messages, members, nextSeq });
          return entered(room);
        }),
      join: (room) =>
        later(() => {
          if (!this.isBehind()) return entered(room);
          throw new Failure("ROOM_NOT_FOUND", { fields: { room } });
        }),
      leave: (room) =>
        later(() => void this.#room(room).members.delete(by.id) as undefined),
      direct: (message) =>
        later((): SendOutcome => {
          const frame_text = JSON.stringify(this.inboxes.take(by, message));
          return { status: "accepted", seq: 0, frame_text };
        }),
      directAck: ({ messages, knows }) =>
        later(() => {
          this.inboxes.knows(by.id, knows);
          this.inboxes.remove(by.id, messages);
        }),
      send: (message) =>
        later((): SendOutcome => {
          if (!this.#room(message.room).members.has(by.id)) {
            const fields = { room: message.room };
            throw new Failure("NOT_IN_ROOM", { fields });
          }
          if (this.isLost({ content: { text: message.text } })) {
            throw new Failure("NOT_CONNECTED");
          }
          const raw = this.say(by, message);
          const sent = { frame_text: JSON.stringify(raw) };
          if (raw.seq === undefined) return { status: "accepted", ...sent };
          const others = this.#room(message.room).members.size - 1;
          const ack = { seq: Number(raw.seq), others };
          return { status: "accepted", ...ack, ...sent };
        }),
      list: () => later(() => roomsPage(this.rooms)),
      presence: (room) =>
        later(() => ({
          ...{ type: "room.presence.result", room: roomName(room) },
          members: [],
        })),
      tellPresence: () => undefined,
      tellMarks: (told) => {
        this.marks.push(told.room);
        return Promise.resolve();
      },
      history: (query) => later(() => this.#history(query, by.id)),
      close: () => undefined,
    };
    this.inboxes.opened(by.id, events);
    return connection;
  }

  rest(room: string, limit: number, to: string): RawObject[] {
    return this.#room(room).messages.filter((raw) => this.shows(raw, to))
      .toReversed().slice(0, limit).map(restRowOf);
  }

  /** The agent is gone from every room. */
  drop(id: string): void {
    for (const { members } of this.rooms.values()) members.delete(id);
    this.inboxes.closed(id);
  }

  [Symbol.dispose](): void {
    for (const guest of this.#guests) guest.end();
  }

  #history(query: HistoryQuery, to: string) {
    const all = this.#room(query.room).messages;
    return historyPage(all.filter((raw) => this.shows(raw, to)), query);
  }

  #room(name: string): HubRoom {
    const here = this.rooms.get(name);
    if (here !== undefined) return here;
    throw new Failure("ROOM_NOT_FOUND", { fields: { room: name } });
  }
}
