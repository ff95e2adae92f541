import { Failure } from "../../lib/errors.ts";
import type {
  Recovered,
  RecoverRequest,
} from "../../lib/local_api/types/private_rooms.ts";
import { defined } from "../../lib/defined.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { isRoomName, type RoomName } from "../../lib/protocol/names.ts";
import { type AskKeys, MOST_SALTS } from "../../lib/sealed/key_questions.ts";
import {
  type MessageStart,
  openMessage,
  readMessage,
} from "../../lib/sealed/message.ts";
import type { Verifier } from "../../lib/protocol/verifying.ts";
import { type FoundEpoch, FoundEpochs } from "./sealed/found_epochs.ts";
import { isPrivateWire, readSealed } from "../../lib/sealed/sealed_text.ts";
import type { VerifiedMessage } from "./core/verified_message.ts";
import type { MessageChecks } from "./receive/message_checks.ts";
import type { RestHistory } from "./receive/rest_history.ts";
import type { Reconnect } from "./reconnect.ts";
import type { RoomRequests } from "./room_requests.ts";
import type { SealedRooms } from "./sealed_rooms.ts";
import type { RelayConnection } from "./session_options.ts";
import type { StoredState } from "./stored_state.ts";
import { freeName } from "./free_name.ts";

export interface PrivateRecoveryOptions {
  /** This agent's key. */
  readonly me: string;
  readonly stored: StoredState;
  readonly sealed: SealedRooms;
  readonly requests: RoomRequests;
  readonly reconnect: Pick<Reconnect, "connected">;
  readonly checks: MessageChecks;
  readonly restHistory: RestHistory;
  readonly askKeys: AskKeys;
  readonly verifier: Verifier;
  readonly now: () => number;
}

/** Rooms of a relay that are looked into, and pages of the past of each. */
const MOST_ROOMS = 50;
const MOST_PAGES = 10;

/** What a room's past holds for this agent. */
interface Found {
  readonly records: readonly {
    readonly author: string;
    readonly body: Uint8Array;
  }[];
  /** Messages that are said to be this agent's own. */
  readonly own: readonly OwnMessage[];
}

interface OwnMessage {
  readonly id: string;
  readonly start: MessageStart;
}

/** Finds the private rooms again whose state was lost, by the agent's key alone. */
export class PrivateRecovery {
  readonly #options: PrivateRecoveryOptions;
  readonly #found: FoundEpochs;

  constructor(options: PrivateRecoveryOptions) {
    this.#options = options;
    const { askKeys, verifier, me: id } = options;
    this.#found = new FoundEpochs({ askKeys, verifier, me: { id } });
  }

  /**
   * Looks into every private room of the relay. Who wants to can make one and seal its key to this agent: a room is
   * entered where this agent itself spoke under its key, or where it is named. Rejects with a `Failure`.
   */
  async recover({ wire }: RecoverRequest): Promise<Recovered> {
    const { stored: { privateRooms } } = this.#options;
    const rooms: Recovered["rooms"][number][] = [];
    const all = wire === undefined ? await this.#wireRooms() : [named(wire)];
    for (const room of all) {
      const had = privateRooms.byWire(room);
      if (had !== undefined) {
        rooms.push({ name: had.name, wire: room, status: "known" });
        continue;
      }
      const found = await this.#lookInto(room);
      const one = await this.#enter(room, found, wire !== undefined);
      if (one !== null) rooms.push(one);
    }
    return { rooms };
  }

  async #wireRooms(): Promise<RoomName[]> {
    const connection = this.#options.reconnect.connected();
    const { privateRooms } = this.#options.stored;
    const found: RoomName[] = [];
    let cursor: string | undefined;
    do {
      const page = await connection.list({
        limit: WIRE.roomsPage,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const wires = page.rooms.map(({ name }) => privateRooms.wireOf(name));
      found.push(...wires.filter(isPrivateWire));
      cursor = page.has_more ? page.cursor : undefined;
    } while (cursor !== undefined && found.length < MOST_ROOMS);
    return found.slice(0, MOST_ROOMS);
  }

  async #lookInto(wire: RoomName): Promise<Found> {
    const connection = this.#options.reconnect.connected();
    const hasHistory = connection.features.has("history");
    const frames = hasHistory
      ? await this.#byFrame(wire)
      : await this.#byRest(wire);
    const records: { author: string; body: Uint8Array }[] = [];
    const own: OwnMessage[] = [];
    const { desk } = this.#options.sealed.engine;
    for (const { frame } of frames) {
      const sealed = readSealed(frame.content.text);
      if (sealed.is !== "sealed") continue;
      const { kind, body } = sealed;
      if (kind === "e") records.push({ author: frame.from, body });
      const again = kind === "r" ? desk.read(body) : null;
      if (again !== null) {
        records.push({ author: again.author, body: again.record });
      }
      const start = kind === "m" ? readMessage(body) : null;
      const isOwn = frame.from === this.#options.me;
      if (isOwn && start !== null) own.push({ id: frame.id, start });
    }
    return { records, own };
  }

  /** Its past is for those who are in it. */
  async #byFrame(wire: RoomName): Promise<VerifiedMessage[]> {
    const { requests, checks } = this.#options;
    const raws = await requests.visit(
      wire,
      (connection) => pastOf(connection, wire),
    );
    return raws.map((raw) => checks.history(raw)).filter((one) => one !== null);
  }

  async #byRest(wire: RoomName): Promise<VerifiedMessage[]> {
    const { restHistory, checks } = this.#options;
    const rows = await restHistory(wire, { limit: WIRE.historyPage });
    return rows.map((row) => checks.row(row)).filter((one) => one !== null);
  }

  /** @returns null where no key of it is sealed to this agent */
  async #enter(
    wire: RoomName,
    { records, own }: Found,
    isNamed: boolean,
  ): Promise<Recovered["rooms"][number] | null> {
    const { stored, sealed, requests, now } = this.#options;
    const engine = sealed.engine;
    const opened = await this.#found.of(wire, records);
    if (opened.length === 0) return null;
    const proven = await this.#provenOf(wire, opened, own);
    const anchor = proven ?? (isNamed ? onlyFirst(opened) : undefined);
    if (anchor === undefined) return { name: wire, wire, status: "unproven" };
    const name = freeName(anchor.state.title, stored.rooms);
    stored.privateRooms.save({
      ...{ name, wire, root: anchor.hash, anchor: anchor.hash },
      ...{ inviter: anchor.author, joinedAt: now(), stays: true },
    });
    const room = await engine.book.room(name);
    // From the one that is trusted on, so that each is of one who is known; what was before it last.
    const later = opened.filter(({ n }) => n >= anchor.n);
    const known = later.map(({ record }) => record);
    for (const { author, body } of [...known, ...records]) {
      await engine.book.learn(room, { author, body });
    }
    await requests.join(name);
    await engine.desk.askNewest(room);
    await engine.asking.stay(room);
    engine.lookAfter();
    return { name, wire, status: "recovered" };
  }

  /** The newest epoch under whose key this agent signed something: whatever the relay says of who did. */
  async #provenOf(
    wire: RoomName,
    opened: readonly FoundEpoch[],
    own: readonly OwnMessage[],
  ): Promise<FoundEpoch | undefined> {
    const { verifier, me } = this.#options;
    for (const epoch of opened.toReversed()) {
      const under = own.filter(({ start }) =>
        epoch.hash.startsWith(start.epoch.toHex())
      ).slice(0, MOST_SALTS);
      const salts = under.map(({ start }) => start.salt);
      const keys = await this.#found.keysUnder(epoch.record, salts);
      const isSigned = under.some(({ id, start }, at) => {
        const key = keys[at];
        const place = { room: wire, from: me, id };
        return key !== undefined &&
          openMessage(place, start, { key, verifier }).ok;
      });
      if (isSigned) return epoch;
    }
    return undefined;
  }
}

/** What a relay has of a room, as many pages as are looked at. */
async function pastOf(
  connection: RelayConnection,
  room: RoomName,
): Promise<(RawObject | null)[]> {
  const raws = [];
  let before_seq: number | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { messages, has_more } = await connection.history({
      ...{ room, limit: WIRE.historyPage, ...defined({ before_seq }) },
    });
    raws.push(...messages);
    before_seq = Number(messages[0]?.seq);
    if (!has_more || !Number.isSafeInteger(before_seq)) break;
  }
  return raws;
}

/** The epoch from which all the others come; undefined where there are several, of which one may be a stranger's room. */
function onlyFirst(opened: readonly FoundEpoch[]): FoundEpoch | undefined {
  const known = new Set(opened.map(({ hash }) => hash));
  const [first, ...more] = opened.filter(({ parents }) =>
    !parents.some((parent) => known.has(parent))
  );
  return more.length === 0 ? first : undefined;
}

/** @throws Failure USAGE */
function named(wire: string): RoomName {
  if (isRoomName(wire) && isPrivateWire(wire)) return wire;
  throw new Failure("USAGE", {
    fields: {
      reason: "this is no private room's name on the wire",
      fix: "see which there are: agentnet recover",
    },
  });
}
