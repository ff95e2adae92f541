import {
  NEWEST,
  readRecordAgain,
  readRecordRequest,
  writeRecordAgain,
  writeRecordRequest,
} from "../../../lib/sealed/record_request.ts";
import { type Clock, runLater } from "../../../lib/clock.ts";
import type { Epoch } from "../../../lib/sealed/chain.ts";
import type { SealedFrame } from "../../mailbox/sealed_frames.ts";
import type { ControlSender } from "./control_sender.ts";
import type { KnownRoom, Wanted } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface RecordDeskOptions extends SealedOptions {
  readonly book: RoomBook;
  readonly control: ControlSender;
}

/** From one request for a record to the next; then the last one, again and again. Milliseconds. */
const ASK_AGAIN_MS = [2_000, 10_000, 60_000, 3_600_000] as const;
/** An answer is given after a random time up to this, unless another was faster. Milliseconds. */
const ANSWER_WITHIN_MS = 2_000;
/** Answers in a minute, in all rooms: whoever floods requests gains no more. */
const MOST_ANSWERS = 10;
/** Records that go with one that a newer member asks for on his way up to the first one, and all of them in a minute. */
const MOST_BEHIND = 3;
const MOST_BEHIND_A_MINUTE = 24;
const MINUTE_MS = 60_000;
/** Records that are missing in one room at once, and requests for them at one time: our messages are counted too. */
const MOST_WANTED = 16;
const MOST_ASKED = 4;

/** Asks for records that are missing, and gives them to who asks. */
export class RecordDesk {
  readonly #options: RecordDeskOptions;
  /** When a record was last seen in a room, by room and hash; monotonic. */
  readonly #seen = new Map<string, number>();
  /** When records were last asked for that are about to be given, by room and hash; monotonic. */
  readonly #soon = new Map<string, number>();
  /** When answers were given, and records beside them; monotonic. */
  readonly #answers: number[] = [];
  readonly #behind: number[] = [];

  constructor(options: RecordDeskOptions) {
    this.#options = options;
  }

  /**
   * A record is missing. @param start of its hash, hex
   * @param namedBy the member whose message shows that it is newer than what is known here
   */
  want(room: KnownRoom, start: string, namedBy?: string): void {
    if (this.#isGone(room)) return;
    const had = room.wanted.get(start);
    if (had !== undefined) {
      if (namedBy !== undefined) had.namedBy.add(namedBy);
      return;
    }
    const isFull = room.wanted.size >= MOST_WANTED;
    if (isFull && !giveUpOne(room, namedBy !== undefined)) return;
    const nextAt = this.#options.clock.monotonic() + ASK_AGAIN_MS[0];
    const namers = new Set(namedBy === undefined ? [] : [namedBy]);
    room.wanted.set(start, { nextAt, tries: 0, namedBy: namers });
  }

  /** Asks for what is due. Never rejects. */
  async askDue(room: KnownRoom): Promise<void> {
    const { clock, control } = this.#options;
    if (this.#isGone(room)) room.wanted.clear();
    const now = clock.monotonic();
    let asked = 0;
    for (const [start, wanted] of room.wanted) {
      if (wanted.nextAt > now || !control.isOpen(room.name)) continue;
      if (++asked > MOST_ASKED) return;
      wanted.tries++;
      const last = ASK_AGAIN_MS.length - 1;
      wanted.nextAt = now + ASK_AGAIN_MS[Math.min(wanted.tries, last)]!;
      const body = writeRecordRequest(Uint8Array.fromHex(start));
      await control.say(room.name, "q", body);
    }
  }

  /** Asks for the record of the epoch in force, as one who has none does. Never rejects. */
  async askNewest(room: KnownRoom): Promise<void> {
    await this.#options.control.say(
      room.name,
      "q",
      writeRecordRequest(NEWEST),
    );
  }

  /** A record went over the wire: who has it need not give it again. */
  saw(name: string, hash: string): void {
    const now = this.#options.clock.monotonic();
    for (const [key, at] of this.#seen) {
      if (now - at > MINUTE_MS) this.#seen.delete(key);
    }
    this.#seen.set(`${name} ${hash}`, now);
  }

  /** Somebody asks for a record. @param whom who asks */
  asked(room: KnownRoom, body: Uint8Array, { from, late }: SealedFrame): void {
    const start = readRecordRequest(body)?.toHex();
    if (start === undefined || late || from === this.#options.me.id) return;
    if (!room.isKnownMember(from)) return;
    const isNewest = start === NEWEST.toHex();
    const hash = isNewest ? room.inForce?.hash : room.byStart(start)?.hash;
    if (hash === undefined) return;
    const isIn = (epoch?: Epoch) => epoch?.state.members.includes(from);
    // Who came later is on his way up to the first one.
    const isNewer = isIn(room.inForce) === true &&
      isIn(room.epochs.get(hash)) === false;
    this.giveSoon(room, hash, isNewer ? room.behind(hash, MOST_BEHIND) : []);
  }

  /** Gives a record after a random pause, unless it was seen meanwhile. @param behind those that go with it, in this order */
  giveSoon(
    room: KnownRoom,
    hash: string,
    behind: readonly string[] = [],
  ): void {
    const { clock, randomBytes, closed, log } = this.#options;
    const key = `${room.name} ${hash}`;
    const isSoon = this.#soon.has(key);
    this.#soon.set(key, clock.monotonic());
    // All who ask meanwhile have one answer.
    if (isSoon) return;
    const [chance = 0] = randomBytes(1);
    const pauseMs = Math.trunc(ANSWER_WITHIN_MS * chance / 256);
    runLater(clock, { ms: pauseMs, signal: closed }, () => {
      const asked = this.#soon.get(key) ?? 0;
      this.#soon.delete(key);
      const at = this.#seen.get(key) ?? -1;
      if (at >= asked || !this.#mayAnswer()) return;
      this.#giveAll(room, [hash, ...behind]).catch((error) =>
        log.warn("record not given", { reason: `${error}` })
      );
    });
  }

  /** A record again, as somebody gave it; null for what is none. */
  read(body: Uint8Array) {
    return readRecordAgain(body);
  }

  /** Each of them leads to the next: what can't be given now ends it. */
  async #giveAll(
    room: KnownRoom,
    [asked, ...behind]: readonly string[],
  ): Promise<void> {
    if (asked === undefined) return;
    await this.#give(room, asked);
    for (const hash of behind) {
      if (this.#seen.has(`${room.name} ${hash}`) || !this.#mayAdd()) return;
      await this.#give(room, hash);
    }
  }

  async #give(room: KnownRoom, hash: string): Promise<void> {
    const { book, control } = this.#options;
    const record = room.records.get(hash);
    const body = book.body(room.name, hash);
    if (record === undefined || body === undefined) return;
    this.saw(room.name, hash);
    const again = writeRecordAgain(record.author, body);
    await control.say(room.name, "r", again);
  }

  /** What is said there is not meant for who was removed, and does not ask to be let in again. */
  #isGone(room: KnownRoom): boolean {
    const { me, stored } = this.#options;
    return room.isRemoved(me.id) &&
      stored.privateRooms.get(room.name)?.seed === undefined;
  }

  #mayAnswer(): boolean {
    return isWithin(this.#answers, MOST_ANSWERS, this.#options.clock);
  }

  #mayAdd(): boolean {
    return isWithin(this.#behind, MOST_BEHIND_A_MINUTE, this.#options.clock);
  }
}

/** Whether one more is within the bound of a minute; then it is counted. @param times of those before, which it keeps */
function isWithin(times: number[], most: number, clock: Clock): boolean {
  const now = clock.monotonic();
  const over = times.findIndex((at) => now - at < MINUTE_MS);
  times.splice(0, over < 0 ? times.length : over);
  if (times.length >= most) return false;
  times.push(now);
  return true;
}

/**
 * What was asked for in vain makes room: a member can name what there never was. What says that we are behind goes last,
 * and takes the place of any that does not. @returns whether there was one
 */
function giveUpOne({ wanted }: KnownRoom, isNewer: boolean): boolean {
  const rank = ({ namedBy, tries }: Wanted) =>
    tries - (namedBy.size === 0 ? 0 : ASK_AGAIN_MS.length);
  const [least] = [...wanted].toSorted(([, a], [, b]) => rank(b) - rank(a));
  if (least === undefined) return false;
  const [start, { tries, namedBy }] = least;
  const isInVain = tries >= ASK_AGAIN_MS.length - 1;
  return (isInVain || (isNewer && namedBy.size === 0)) &&
    wanted.delete(start);
}
