import { pause, runLater } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import { readLeaving, writeLeaving } from "../../../lib/sealed/leaving.ts";
import type { SealedFrame } from "../../mailbox/sealed_frames.ts";
import type { ControlSender } from "./control_sender.ts";
import type { EpochMaker, WantedState } from "./epoch_maker.ts";
import { type KnownRoom, startOf } from "./known_room.ts";
import { isLeaving, isOver } from "./leave_rules.ts";
import { LeaveWords } from "./leave_words.ts";
import type { RecordDesk } from "./record_desk.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface LeaveGateOptions extends SealedOptions {
  readonly book: Pick<RoomBook, "room">;
  readonly control: Pick<ControlSender, "say" | "isOpen">;
  readonly maker: EpochMaker;
  readonly desk: Pick<RecordDesk, "want">;
}

/** Those who leave are gathered so long, that many who go at once are one epoch; milliseconds. */
const GATHER_MS = 1_000;
/** By then who stepped down has the records of others who did at the same moment; milliseconds. */
const SETTLE_MS = 1_000;
/** An admin steps down so often at most: each time but the last another's record counted in place of his. */
const MOST_STEPS = 3;
/** An admin waits so much longer for each one of higher rank who is there; milliseconds. */
const RANK_MS = 3_000;
/** Where nobody could be taken off for now, it is tried again after so long, at least; milliseconds. */
const AGAIN_MS = 60_000;

/** Who leaves says so, and is taken off the members by the daemon of an admin, with a new key for those who stay. */
export class LeaveGate {
  readonly #options: LeaveGateOptions;
  /** By room; those on disk, as far as they were needed. */
  readonly #words = new Map<string, LeaveWords>();
  /** Rooms in which those who leave are gathered. */
  readonly #gathering = new Set<string>();

  constructor(options: LeaveGateOptions) {
    this.#options = options;
  }

  /** Whether others are left among whom nobody could add, remove or let in any more. Rejects with a `Failure`. */
  async leavesNoAdmin(name: string): Promise<boolean> {
    const { state } = await this.#membership(name) ?? {};
    if (state === undefined) return false;
    const { id } = this.#options.me;
    const { members, admins } = state;
    return members.length > 1 && admins.includes(id) && admins.length === 1;
  }

  /**
   * Makes this agent no admin any more where there are others, since nobody of lower rank removes one. Of several who do
   * so at one moment one record counts: whoever is still an admin then steps down anew, or is the last one. Never rejects.
   */
  async stepDown(name: string): Promise<void> {
    const { me, control, maker, clock, closed } = this.#options;
    await this.#orWarn(name, async () => {
      for (let step = 0; step < MOST_STEPS; step++) {
        const { admins = [] } = (await this.#membership(name))?.state ?? {};
        const isOneOf = admins.includes(me.id) && admins.length > 1;
        if (!isOneOf || !control.isOpen(name)) return;
        await maker.change(name, (state) => ({
          ...state,
          admins: state.admins.filter((one) => one !== me.id),
        }));
        await pause(clock, { ms: SETTLE_MS, signal: closed });
      }
    });
  }

  /** Says that this agent, who is no admin, leaves. Never rejects. @returns whether the relay has it, or nobody is to know */
  async say(name: string): Promise<boolean> {
    const { me, control } = this.#options;
    const isSaid = await this.#orWarn(name, async () => {
      const membership = await this.#membership(name);
      if (membership === undefined) return true;
      const { state: { members, admins }, hash } = membership;
      if (members.length === 1) return true;
      if (!control.isOpen(name) || admins.includes(me.id)) return false;
      const epoch = Uint8Array.fromHex(startOf(hash));
      return await control.say(name, "l", writeLeaving(epoch));
    });
    return isSaid ?? false;
  }

  /** What a step comes to; undefined where it failed, which is logged. */
  async #orWarn<Value>(
    room: string,
    step: () => Promise<Value>,
  ): Promise<Value | undefined> {
    try {
      return await step();
    } catch (error) {
      const { code } = Failure.from(error);
      this.#options.log.warn("left without a word", { room, code });
      return undefined;
    }
  }

  /** Somebody says that he leaves. It is on disk then. @throws Failure FILE_TROUBLE, and it is to be said again */
  asked(room: KnownRoom, body: Uint8Array, frame: SealedFrame): void {
    const epoch = readLeaving(body)?.toHex();
    const { from, verified, timestamp: at } = frame;
    if (epoch === undefined || !verified || !this.#isAdmin(room)) return;
    if (isOver(room, from, epoch)) return;
    const words = this.#wordsOf(room);
    words.leaves(from, { at, epoch });
    this.#options.stored.leaveLog.save(room.name, words.of(from));
    const isWanted = words.leaving(from)?.epoch === epoch &&
      room.byStart(epoch) === undefined;
    // What he named may be newer than what is here: his word waits for it.
    if (isWanted) this.#options.desk.want(room, epoch);
    this.lookAfter(room);
  }

  /**
   * Who asks to be let in, and is a member, stays one where that is his last word. It is on disk then.
   *
   * @throws Failure FILE_TROUBLE, and it is to be said again
   */
  stays(room: KnownRoom, { from, verified, timestamp }: SealedFrame): void {
    const isMember = room.inForce?.state.members.includes(from) === true;
    if (!verified || !isMember) return;
    const words = this.#wordsOf(room);
    words.stays(from, timestamp);
    this.#options.stored.leaveLog.save(room.name, words.of(from));
  }

  /** Takes up who said that he leaves, in this run or an earlier one. @throws Failure FILE_TROUBLE */
  lookAfter(room: KnownRoom): void {
    if (this.isOwed(room)) this.#gather(room);
  }

  /** Whether somebody said that he leaves whom this agent is to take off. @throws Failure FILE_TROUBLE */
  isOwed(room: KnownRoom): boolean {
    const words = this.#wordsOf(room);
    const { members = [] } = room.inForce?.state ?? {};
    return this.#isAdmin(room) &&
      members.some((id) => isLeaving(room, words, id));
  }

  forget(name: string): void {
    this.#words.delete(name);
  }

  /** What this room's members said. @throws Failure FILE_TROUBLE */
  #wordsOf({ name, inForce }: KnownRoom): LeaveWords {
    const { leaveLog } = this.#options.stored;
    const words = this.#words.get(name) ?? new LeaveWords(leaveLog.all(name));
    this.#words.set(name, words);
    // Where this agent is not let in yet nobody's word is known to be over.
    if (inForce === undefined) return words;
    for (const id of words.keepOnly(inForce.state.members)) {
      leaveLog.remove(name, id);
    }
    return words;
  }

  #gather(room: KnownRoom, pauseMs = GATHER_MS): void {
    if (this.#gathering.has(room.name)) return;
    this.#gathering.add(room.name);
    this.#takeOffLater(room, pauseMs);
  }

  /** The epoch in force, where this agent is a member. */
  async #membership(name: string) {
    const { book, me } = this.#options;
    const room = await book.room(name);
    const { inForce } = room;
    return room.isRemoved(me.id) ? undefined : inForce;
  }

  #isAdmin(room: KnownRoom): boolean {
    const { id } = this.#options.me;
    const { inForce } = room;
    return inForce?.state.admins.includes(id) === true && !room.isRemoved(id);
  }

  #takeOffLater(room: KnownRoom, pauseMs: number): void {
    const { me, clock, closed, stored: { rooms } } = this.#options;
    const here = rooms.get(room.name)?.memberIds ?? [];
    const { admins = [] } = room.inForce?.state ?? {};
    const before = admins.slice(0, admins.indexOf(me.id))
      .filter((id) => here.includes(id));
    const ms = pauseMs + RANK_MS * before.length;
    runLater(clock, { ms, signal: closed }, () => void this.#takeOff(room));
  }

  /** Whether nothing is known to be on its way here: of who left it may say that he came back. @throws Failure FILE_TROUBLE */
  #hasHeardAll(name: string): boolean {
    const { rooms, sealedFrames } = this.#options.stored;
    return rooms.get(name)?.state.at === "live" &&
      sealedFrames.next(name, 1).length === 0;
  }

  /** Never rejects: who stays a member has left the room at the relay all the same. */
  async #takeOff(room: KnownRoom): Promise<void> {
    const { book, maker, log, stored } = this.#options;
    const { name } = room;
    this.#gathering.delete(name);
    if (stored.privateRooms.get(name) === undefined) return;
    try {
      // It may have been left meanwhile, and entered anew.
      if (await book.room(name) !== room) return;
      if (!this.isOwed(room) || !this.#hasHeardAll(name)) return;
      const words = this.#wordsOf(room);
      await maker.changeByItself(
        name,
        (state) => withoutMembers(state, (id) => isLeaving(room, words, id)),
      );
    } catch (error) {
      const { code, retryAfterMs } = Failure.from(error);
      log.warn("nobody taken off", { room: name, code });
      if (retryAfterMs === undefined) return;
      this.#gather(room, Math.max(AGAIN_MS, retryAfterMs));
    }
  }
}

/** Who is not a member any more may have an invitation, or have made it: all of them end. */
export function withoutMembers<State extends WantedState>(
  state: State,
  isGone: (id: string) => boolean,
): State {
  const stays = (id: string) => !isGone(id);
  return {
    ...{ ...state, invites: [] },
    ...{
      members: state.members.filter(stays),
      admins: state.admins.filter(stays),
    },
  };
}
