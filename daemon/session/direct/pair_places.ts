import type { Clock } from "../../../lib/clock.ts";
import type {
  DeliveredMessage,
  MemberJoined,
  MemberLeft,
  RawObject,
  RoomClosed,
  RoomJoined,
} from "../../../lib/protocol/frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Heard } from "../heard.ts";
import type { MessageChecks } from "../receive/message_checks.ts";
import type { DirectInbox } from "./direct_inbox.ts";

/** The room of one pair, and who is in it as far as the relay tells. */
export interface PairPlace {
  readonly agent: string;
  readonly wire: RoomName;
  /** What those in it go by, by key; undefined while the relay does not have us in it. */
  members: Map<string, string> | undefined;
  /** Monotonic time before which it is not entered again. */
  notBefore: number;
  /** Monotonic time when something happened in it last. */
  usedAt: number;
}

export interface PairPlacesOptions {
  readonly inbox: Pick<DirectInbox, "said">;
  readonly checks: Pick<MessageChecks, "live" | "history">;
  readonly heard: (event: Heard) => void;
  readonly clock: Pick<Clock, "monotonic">;
}

/** The rooms of pairs as the relay tells of them: who is there, and what is said. */
export class PairPlaces {
  readonly #options: PairPlacesOptions;
  readonly #byWire = new Map<string, PairPlace>();

  constructor(options: PairPlacesOptions) {
    this.#options = options;
  }

  all(): PairPlace[] {
    return [...this.#byWire.values()];
  }

  /** Whether the agent is there, as the relay tells. */
  isHere(agent: string): boolean {
    return this.of(agent)?.members?.has(agent) === true;
  }

  of(agent: string): PairPlace | undefined {
    return this.all().find((place) => place.agent === agent);
  }

  /** One that we are not in yet. */
  add(agent: string, wire: RoomName): PairPlace {
    const place = {
      ...{ agent, wire, members: undefined },
      ...{ notBefore: 0, usedAt: 0 },
    };
    this.#byWire.set(wire, place);
    return place;
  }

  remove({ wire }: PairPlace): void {
    this.#byWire.delete(wire);
  }

  /** The connection is gone, and with it all that its relay told. */
  clear(): void {
    this.#byWire.clear();
  }

  /** The relay has us in the room. */
  entered(place: PairPlace, { members }: RoomJoined): void {
    place.members = new Map(members.map(({ id, name }) => [id, name]));
    this.used(place.wire);
  }

  /** Who was not there before may be now: what waits for him goes out. */
  tellHere({ agent, members }: PairPlace): void {
    if (members?.has(agent)) this.#options.heard({ here: agent });
  }

  /** The relay does not have us in the room, or has none of that name. */
  lost(wire: string): void {
    const place = this.#byWire.get(wire);
    if (place !== undefined) place.members = undefined;
  }

  used(wire: string): void {
    const place = this.#byWire.get(wire);
    if (place !== undefined) place.usedAt = this.#options.clock.monotonic();
  }

  /** A message in one of these rooms. @returns whether it was in one */
  said(frame: DeliveredMessage, raw: RawObject): boolean {
    const place = this.#byWire.get(frame.room);
    if (place?.members === undefined) return false;
    this.used(frame.room);
    const message = this.#options.checks.live(frame, raw);
    if (message !== null) {
      this.#give(place, message.frame, { raw, late: false });
    }
    return true;
  }

  /** What was said in it before. @param raws oldest first; null for what is no message */
  past(place: PairPlace, raws: readonly (RawObject | null)[]): void {
    for (const raw of raws) {
      const message = this.#options.checks.history(raw);
      if (raw === null || message === null) continue;
      this.#give(place, message.frame, { raw, late: true });
    }
  }

  /** Who comes and goes. @returns whether it was in one of these rooms */
  changed(frame: MemberJoined | MemberLeft | RoomClosed): boolean {
    const place = this.#byWire.get(frame.room);
    if (place?.members === undefined) return false;
    switch (frame.type) {
      case "room.member_joined":
        place.members.set(frame.agent.id, frame.agent.name);
        this.used(frame.room);
        this.tellHere(place);
        break;
      case "room.member_left":
        place.members.delete(frame.agent.id);
        break;
      case "room.closed":
        this.lost(frame.room);
        break;
      default:
        frame satisfies never;
    }
    return true;
  }

  /** Anybody may be in it who saw its name: what another says there is nothing. */
  #give(
    { agent, wire, members }: PairPlace,
    frame: DeliveredMessage,
    way: { readonly raw: RawObject; readonly late: boolean },
  ): void {
    if (frame.from !== agent || frame.room !== wire) return;
    const { from_name = members?.get(agent) ?? "", ...rest } = frame;
    this.#options.inbox.said({ ...rest, from_name }, way);
  }
}
