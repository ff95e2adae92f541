import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { Logger } from "../../../lib/log.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import type { RestHistory } from "../receive/rest_history.ts";
import { frameOfRow } from "../receive/verify_message.ts";
import type { Reconnect } from "../reconnect.ts";
import { enterOrMake, leaveRoom } from "../room_entry.ts";
import type { RelayConnection } from "../session_options.ts";
import { SoonestTimer } from "../soonest_timer.ts";
import type { StoredState } from "../stored_state.ts";
import type { PairPlace, PairPlaces } from "./pair_places.ts";

export interface PairRoomsOptions {
  readonly stored: Pick<StoredState, "peers" | "contacts" | "sends" | "failed">;
  readonly places: PairPlaces;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly restHistory: RestHistory;
  readonly askKeys: AskKeys;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** From one look for rooms of pairs to the next; milliseconds. */
const LOOK_MS = 10_000;
/** From a try that failed to the next, where nothing else is said, and at least; milliseconds. */
const AGAIN_MS = 10_000;
const LEAST_MS = 1_000;
/** Rooms of pairs that we are in at once: a relay lets an agent be in 50 rooms. */
const MOST_ROOMS = 16;
/** Agents whose rooms are looked for. */
const MOST_HEARD = 256;
/** Pages of the relay's list in which they are looked for, the last active first: one that was just made is on the first. */
const MOST_PAGES = 3;
/** A relay ends a room in silence that was unused for an hour: so long unused it is entered again, which shows it; milliseconds. */
const UNUSED_MS = 30 * 60_000;

/**
 * Where a relay keeps nothing for one agent alone (no feature `direct`): the rooms of pairs. Who has something to say makes
 * the room, and says it once the other is there; who may have something to hear looks for the room in the relay's list.
 */
export class PairRooms {
  readonly #options: PairRoomsOptions;
  readonly #timer: SoonestTimer;

  constructor(options: PairRoomsOptions) {
    this.#options = options;
    const { clock, closed } = options;
    const due = () => this.#lookNow();
    this.#timer = new SoonestTimer({ clock, closed, due });
  }

  /** There is a connection, whose relay has us in no room. */
  connected(): void {
    this.#options.places.clear();
    this.lookSoon();
  }

  disconnected(): void {
    this.#options.places.clear();
  }

  /** Something waits for somebody, or who is known is another now. */
  lookSoon(): void {
    this.#timer.within(0);
  }

  /** Never rejects. */
  async #lookNow(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      this.#failed(error);
      this.#timer.within(AGAIN_MS);
    }
  }

  #failed(error: unknown): void {
    const { stored, log, closed } = this.#options;
    if (closed.aborted) return;
    const failure = Failure.from(error);
    if (failure.code === "FILE_TROUBLE") stored.failed(failure);
    log.info("rooms of pairs", { code: failure.code });
  }

  async #look(): Promise<void> {
    const { reconnect: { connection }, closed } = this.#options;
    if (connection === undefined || connection.features.has("direct")) return;
    const wanted = this.#wanted();
    const known = this.#known(wanted);
    const places = await this.#placesOf(known);
    if (closed.aborted) return;
    this.#timer.within(LOOK_MS);
    await this.#leaveOthers(connection, places, wanted);
    for (const place of places) {
      const isWanted = wanted.has(place.agent);
      if (isWanted || this.#isStale(place)) {
        await this.#enter(connection, place, isWanted);
      }
    }
    const absent = places.filter(({ members }) => members === undefined);
    if (absent.length > 0) await this.#seek(connection, absent);
  }

  /** For whom something waits. @throws Failure FILE_TROUBLE */
  #wanted(): ReadonlySet<string> {
    const { sends, peers } = this.#options.stored;
    return new Set(
      sends.open().filter(({ status }) => status === "queued")
        .flatMap(({ room }) => peers.named(room)?.agent ?? []),
    );
  }

  /** Who may have something to say to us; first those for whom something waits. @throws Failure FILE_TROUBLE */
  #known(wanted: ReadonlySet<string>): string[] {
    const { peers, contacts } = this.#options.stored;
    const all = contacts.all();
    const muted = new Set(all.filter((one) => one.muted).map(({ id }) => id));
    const pinned = all.flatMap(({ id, name }) => name === undefined ? [] : id);
    const heard = [...peers.all().map(({ agent }) => agent), ...pinned]
      .filter((id) => !muted.has(id));
    return [...new Set([...wanted, ...heard])].slice(0, MOST_HEARD);
  }

  async #placesOf(agents: readonly string[]): Promise<PairPlace[]> {
    const { stored: { peers }, places, askKeys } = this.#options;
    const found: PairPlace[] = [];
    for (const agent of agents) {
      const had = places.of(agent);
      if (had !== undefined) {
        found.push(had);
        continue;
      }
      const wire = peers.of(agent)?.wire ??
        (await askKeys({ ask: "pair", id: agent })).room;
      found.push(places.add(agent, wire));
    }
    return found;
  }

  /** Rooms of those who are not to be heard any more are left; where too many are ours, those longest unused. */
  async #leaveOthers(
    connection: RelayConnection,
    known: readonly PairPlace[],
    wanted: ReadonlySet<string>,
  ): Promise<void> {
    const { places, clock } = this.#options;
    for (const place of places.all()) {
      if (known.includes(place)) continue;
      places.remove(place);
      if (place.members !== undefined) await leaveRoom(connection, place.wire);
    }
    const idle = known
      .filter(({ members, agent }) => members && !wanted.has(agent))
      .toSorted((a, b) => a.usedAt - b.usedAt);
    for (const place of idle.slice(0, Math.max(0, idle.length - MOST_ROOMS))) {
      places.lost(place.wire);
      place.notBefore = clock.monotonic() + UNUSED_MS;
      await leaveRoom(connection, place.wire);
    }
  }

  /** Enters those rooms of pairs that the relay has. */
  async #seek(
    connection: RelayConnection,
    absent: readonly PairPlace[],
  ): Promise<void> {
    let cursor: string | undefined;
    for (let asked = 0; asked < MOST_PAGES; asked++) {
      const page = await connection.list({
        ...{ sort: "active", limit: WIRE.roomsPage, ...defined({ cursor }) },
      });
      const names = new Set<string>(page.rooms.map(({ name }) => name));
      for (const place of absent) {
        if (!names.has(place.wire)) continue;
        await this.#enter(connection, place, false);
      }
      cursor = page.cursor;
      if (cursor === undefined || !page.has_more) return;
    }
  }

  #isStale({ members, usedAt }: PairPlace): boolean {
    const now = this.#options.clock.monotonic();
    return members !== undefined && now - usedAt > UNUSED_MS;
  }

  /** Has us in a room, and takes what was said in it meanwhile. @param isMade whether it is made where there is none */
  async #enter(
    connection: RelayConnection,
    place: PairPlace,
    isMade: boolean,
  ): Promise<void> {
    const { places, clock, closed, log, reconnect } = this.#options;
    const now = clock.monotonic();
    const isIn = place.members !== undefined && !this.#isStale(place);
    if (isIn || place.notBefore > now) return;
    const plan = { room: place.wire, topic: "", tags: [] };
    const entry = await enterOrMake(connection, plan, {
      ...{ isMade: () => isMade, signal: closed },
    });
    if (closed.aborted || reconnect.connection !== connection) return;
    if ("failure" in entry) {
      const { code, retryAfterMs = AGAIN_MS } = entry.failure;
      const ms = Math.max(LEAST_MS, retryAfterMs);
      log.info("room of a pair not entered", { code });
      places.lost(place.wire);
      place.notBefore = now + ms;
      return this.#timer.within(ms);
    }
    places.entered(place, entry.frame);
    await this.#takePast(connection, place);
    places.tellHere(place);
  }

  /** What came while nobody knew that our line was gone; what was had is had. */
  async #takePast(
    connection: RelayConnection,
    place: PairPlace,
  ): Promise<void> {
    const { restHistory, places } = this.#options;
    const { wire: room } = place;
    const limit = WIRE.historyPage;
    try {
      const raws = connection.features.has("history")
        ? (await connection.history({ room, limit })).messages
        : (await restHistory(room, { limit })).toReversed().map(frameOfRow);
      places.past(place, raws);
    } catch (error) {
      // What a relay does not show is missing, and told by the numbers of later messages.
      this.#failed(error);
    }
  }
}
