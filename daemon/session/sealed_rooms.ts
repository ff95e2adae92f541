import { Failure } from "../../lib/errors.ts";
import type { NewSend } from "./send/new_send.ts";
import type { StoredRecord } from "../mailbox/epoch_records.ts";
import type { SealedFrame } from "../mailbox/sealed_frames.ts";
import type { AuthorMarks } from "../../lib/protocol/marks_frames.ts";
import type { InvitationEnd } from "../../lib/protocol/invitation_ends.ts";
import { isDirectRoom } from "../../lib/protocol/direct_room.ts";
import type { PairSealer } from "./direct/pair_sealer.ts";
import type { ReadMessage } from "./sealed/sealed_message.ts";
import { SealedEngine } from "./sealed/sealed_engine.ts";
import type { SealedOptions } from "./sealed/sealed_options.ts";

export interface SealedRoomsOptions extends SealedOptions {
  readonly pairs: Pick<
    PairSealer,
    "seal" | "wasRefused" | "wasTaken"
  >;
}

/** Private rooms, for the rest of the session. */
export class SealedRooms {
  readonly #options: SealedRoomsOptions;
  #engine: SealedEngine | undefined;

  constructor(options: SealedRoomsOptions) {
    this.#options = options;
    const { privateRooms, sealedFrames } = options.stored;
    sealedFrames.added.call = (room) => this.#wake(room);
    const rooms = privateRooms.all();
    for (const { name } of rooms) void this.engine.wake(name);
  }

  /** Whether a room is sealed from end to end. */
  isPrivate(name: string): boolean {
    return this.#options.stored.privateRooms.get(name) !== undefined;
  }

  /** What does the work; made with the first private room. */
  get engine(): SealedEngine {
    return this.#engine ??= new SealedEngine(this.#options);
  }

  /** What of a send goes over the wire. Rejects as `MessageSealer.seal`. */
  async textOf(send: NewSend): Promise<string> {
    if (isDirectRoom(send.room)) return await this.#options.pairs.seal(send);
    if (!this.isPrivate(send.room)) return send.text;
    return await this.engine.sealer.seal(send);
  }

  /** How many others are to read what is said there now; undefined where that is not known. Rejects with a `Failure`. */
  async readers(room: string): Promise<number | undefined> {
    if (isDirectRoom(room)) return 1;
    return (await this.members(room))?.length;
  }

  /** The other members of a private room now; undefined for any other, or where this agent is none. Rejects with a `Failure`. */
  async members(room: string): Promise<readonly string[] | undefined> {
    if (!this.isPrivate(room)) return undefined;
    return await this.engine.readers(room);
  }

  /** As {@link SealedEngine.tellReceipt}. */
  async tellReceipt(
    room: string,
    marks: readonly AuthorMarks[],
  ): Promise<boolean> {
    return await this.engine.tellReceipt(room, marks);
  }

  /** The relay refused what was sealed last. */
  wasRefused(room: string): void {
    if (isDirectRoom(room)) this.#options.pairs.wasRefused(room);
    else if (this.isPrivate(room)) this.#engine?.sealer.wasRefused(room);
  }

  /** The relay has what was sealed last. Never throws: what is not noted is at most not missed. */
  wasTaken(room: string): void {
    const { pairs, stored } = this.#options;
    if (!isDirectRoom(room)) return;
    try {
      pairs.wasTaken(room);
    } catch (error) {
      stored.failed(Failure.from(error));
    }
  }

  /** What messages of a private room's past say; undefined for what is none, or can't be opened. Rejects with a `Failure`. */
  async read(
    room: string,
    frames: readonly SealedFrame[],
  ): Promise<(ReadMessage | undefined)[]> {
    return await this.engine.opener.read(room, frames);
  }

  /** Records by the starts of their hashes; those that are not kept are left out. Rejects with a `Failure`. */
  async records(
    room: string,
    starts: readonly string[],
  ): Promise<StoredRecord[]> {
    const known = await this.engine.book.room(room);
    const wanted = new Set(starts.map((start) => known.byStart(start)?.hash));
    return this.#options.stored.epochRecords.all(room)
      .filter(({ hash }) => wanted.has(hash));
  }

  /** Whether this agent was a member of a room, and is none any more, as far as is known. */
  isRemoved(room: string): boolean {
    return this.#engine?.book.isRemoved(room) ?? false;
  }

  /** Why the invitation to a room lets nobody in, as who invited says; undefined where he says nothing, or it did. */
  refusalOf(room: string): InvitationEnd | undefined {
    return this.#engine?.asking.refusalOf(room);
  }

  /** Frames that were forged, not sealed, or of who is no member. */
  get refused(): number {
    return this.#engine?.opener.refused ?? 0;
  }

  /** When another daemon was last seen to use this agent's key; wall clock. */
  get twoAt(): number | undefined {
    return this.#engine?.twoAt;
  }

  /** Who was let in by an invitation that others had used up, and is a member no more. */
  get wentOut(): SealedEngine["wentOut"] {
    return this.#engine?.wentOut ?? [];
  }

  /** There is a connection. */
  connected(): void {
    this.#engine?.lookAfter();
  }

  /** Once what was added is committed. */
  #wake(room: string): void {
    queueMicrotask(() => void this.engine.wake(room));
  }
}
