import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import {
  type Heard,
  heardMessage,
  heardUpTo,
  NOTHING_HEARD,
  overdue,
  parseHeard,
} from "../../../lib/sealed/counters.ts";
import type { DirectPeer } from "../../mailbox/direct_peers.ts";
import type { Head, Seen } from "../../../lib/sealed/head.ts";
import { SoonestTimer } from "../soonest_timer.ts";
import type { StoredState } from "../stored_state.ts";

export interface TalkHearingOptions {
  readonly me: string;
  readonly stored: Pick<
    StoredState,
    "database" | "mailbox" | "epochRecords" | "peers" | "failed"
  >;
  readonly clock: Clock;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** Whose word it was, in the room of which pair. */
export interface PairWord {
  readonly from: string;
  readonly wire: RoomName;
}

/** A number that was passed over may still come; milliseconds. */
const HOLE_MS = 30_000;
/** All that an agent ever said to us was to reach us. */
const SINCE_EVER = -Infinity;

/**
 * What was had of each agent's numbers in its talk with us, and how far our own went: what a relay kept from one of both is
 * named by a later message, in the same start of the other's daemon or in a later one.
 */
export class TalkHearing {
  readonly #options: TalkHearingOptions;
  readonly #timer: SoonestTimer;

  constructor(options: TalkHearingOptions) {
    this.#options = options;
    const { clock, closed } = options;
    const due = () => this.tellLost();
    this.#timer = new SoonestTimer({ clock, closed, due });
  }

  /** Notes a message that was opened, within the transaction that takes it in. @throws Failure FILE_TROUBLE */
  hear({ from, wire }: PairWord, head: Head): void {
    const { clock } = this.#options;
    const since = { joinedAt: SINCE_EVER, now: clock.wall() };
    // How far an earlier start of his daemon went, he alone can tell.
    const before = head.saw.filter(([who, stream]) =>
      who === from && stream !== head.stream
    );
    const had = before.reduce(
      (heard, [, stream, n]) => heardUpTo(heard, [stream, n], since),
      this.#heard(wire, from),
    );
    const heard = heardMessage(had, head, since);
    this.#save(wire, from, heard);
    if (heard.holes.length > 0) this.#timer.within(HOLE_MS);
  }

  /** Nothing is missed of what one who is not known said before this. @throws Failure FILE_TROUBLE */
  begin({ from, wire }: PairWord, { stream, n }: Head): void {
    this.#save(wire, from, { streams: [[stream, n]], holes: [] });
  }

  /** The relay has a message of ours. @throws Failure FILE_TROUBLE */
  spoke(wire: RoomName, [stream, n]: readonly [string, number]): void {
    const { me } = this.#options;
    const { streams } = this.#heard(wire, me);
    const others = streams.filter(([other]) => other !== stream).slice(-1);
    this.#save(wire, me, { streams: [...others, [stream, n]], holes: [] });
  }

  /** What goes with the next message: what was had of the other last, and the end of our own earlier start. */
  seen({ from: agent, wire }: PairWord, own: string): Seen[] {
    const { me } = this.#options;
    const last = (who: string, but: string): Seen[] => {
      const streams = this.#heard(wire, who).streams
        .filter(([stream]) => stream !== but);
      const [stream, n] = streams.at(-1) ?? [];
      return stream === undefined || n === undefined ? [] : [[who, stream, n]];
    };
    return [...last(agent, ""), ...last(me, own)];
  }

  /** Whether two daemons were seen to use the other's key. @throws Failure FILE_TROUBLE */
  hasTwo({ agent, wire }: Pick<DirectPeer, "agent" | "wire">): boolean {
    return this.#heard(wire, agent).twoAt !== undefined;
  }

  /** Numbers that did not come in their time are messages that somebody kept from us. Never throws. */
  tellLost(): void {
    try {
      let isWaiting = false;
      for (const { agent, name, wire } of this.#options.stored.peers.all()) {
        isWaiting = this.#tellOf({ from: agent, wire }, name) || isWaiting;
      }
      if (isWaiting) this.#timer.within(HOLE_MS);
    } catch (error) {
      this.#options.stored.failed(Failure.from(error));
      this.#timer.within(HOLE_MS);
    }
  }

  /** @returns whether some may still come */
  #tellOf({ from, wire }: PairWord, name: RoomName): boolean {
    const { stored: { database, mailbox }, clock } = this.#options;
    const now = clock.wall();
    const had = this.#heard(wire, from);
    const { heard, lost } = overdue(had, { now, afterMs: HOLE_MS });
    if (lost > 0) {
      database.transaction(() => {
        mailbox.addGap(name, lost);
        this.#save(wire, from, heard);
      });
    }
    return heard.holes.length > 0;
  }

  #heard(wire: RoomName, who: string): Heard {
    const text = this.#options.stored.epochRecords.heard(wire).get(who);
    return text === undefined ? NOTHING_HEARD : parseHeard(text);
  }

  #save(wire: RoomName, who: string, heard: Heard): void {
    this.#options.stored.epochRecords.hear(wire, who, JSON.stringify(heard));
  }
}
