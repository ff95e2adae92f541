import { Failure } from "../../../lib/errors.ts";
import type { AuthorMarks } from "../../../lib/protocol/marks_frames.ts";
import type { Head } from "../../../lib/sealed/head.ts";
import { readFilePart } from "../../../lib/sealed/file_part.ts";
import { SoonestTimer } from "../soonest_timer.ts";
import { ChangeTurns } from "./change_turns.ts";
import { ControlSender } from "./control_sender.ts";
import { EpochMaker } from "./epoch_maker.ts";
import { type ControlFrame, FrameOpener } from "./frame_opener.ts";
import { Hearing } from "./hearing.ts";
import { JoinAsking } from "./join_asking.ts";
import { JoinGate } from "./join_gate.ts";
import { JoinRefuser } from "./join_refuser.ts";
import { type KnownRoom, startOf } from "./known_room.ts";
import { LeaveGate } from "./leave_gate.ts";
import { LetIn } from "./let_in.ts";
import { MessageSealer } from "./message_sealer.ts";
import { RecordDesk } from "./record_desk.ts";
import { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** How often a room is looked after in which something is missing or owed, and one in which nothing is; milliseconds. */
const BUSY_MS = 2_000;
const IDLE_MS = 3_600_000;
/** So many who went out again are told. */
const MOST_OUT = 8;

/** All that is done for private rooms, while there are any. */
export class SealedEngine {
  readonly #options: SealedOptions;
  readonly book: RoomBook;
  readonly control: ControlSender;
  readonly maker: EpochMaker;
  readonly desk: RecordDesk;
  readonly asking: JoinAsking;
  readonly gate: JoinGate;
  readonly leaving: LeaveGate;
  readonly opener: FrameOpener;
  readonly sealer: MessageSealer;
  readonly #hearing: Hearing;
  readonly #running = new Map<string, Promise<void>>();
  readonly letIn: LetIn;
  readonly #turns: ChangeTurns;
  readonly #timer: SoonestTimer;
  /** Our wall clock when another daemon was last seen to use our key. */
  twoAt: number | undefined;
  /** Who was let in by an invitation that others had used up, and is a member no more. */
  readonly wentOut: { readonly room: string; readonly agent: string }[] = [];

  constructor(options: SealedOptions) {
    this.#options = options;
    const book = this.book = new RoomBook(options);
    const control = this.control = new ControlSender(options);
    const maker = this.maker = new EpochMaker({
      ...{ ...options, book, control },
      wentOut: (room, agents) => this.#wentOut(room, agents),
    });
    const desk = this.desk = new RecordDesk({ ...options, book, control });
    this.asking = new JoinAsking({ ...options, book, control });
    const refuser = new JoinRefuser({ ...options, book, control });
    this.gate = new JoinGate({ ...options, book, maker, desk, refuser });
    this.#turns = new ChangeTurns(options);
    this.leaving = new LeaveGate({ ...options, book, control, maker, desk });
    this.sealer = new MessageSealer(options, book);
    const hearing = this.#hearing = new Hearing({ ...options, book });
    this.opener = new FrameOpener({
      ...{ ...options, book, hearing },
      control: (room, frame) => this.#control(room, frame),
      missing: (room, start, namedBy) => desk.want(room, start, namedBy),
      ownStream: (head) => this.#ownStream(head),
    });
    this.letIn = new LetIn({ ...options, book, desk });
    book.opened.call = (room) => this.#opened(room);
    book.loaded.call = (room) => {
      this.opener.remember(room);
      this.#wantBetween(room);
    };
    const { clock, closed } = options;
    const due = () => this.#look();
    this.#timer = new SoonestTimer({ clock, closed, due });
  }

  /** Opens what waits in a room; one after the other. Never rejects: what could not be written is tried again. */
  wake(name: string): Promise<void> {
    const before = this.#running.get(name) ?? Promise.resolve();
    const run = before.then(() => this.#run(name));
    this.#running.set(name, run);
    return run;
  }

  /** Looks after every room now, and again when something is due. */
  lookAfter(): void {
    this.#timer.within(0);
  }

  /** Whether this agent is in a room now. Rejects with a `Failure`. */
  async isIn(name: string): Promise<boolean> {
    return this.letIn.isIn(await this.book.room(name));
  }

  /** The other members; undefined where this agent is none, as far as it knows. Rejects with a `Failure`. */
  async readers(name: string): Promise<readonly string[] | undefined> {
    const { id } = this.#options.me;
    const room = await this.book.room(name);
    const members = room.inForce?.state.members;
    if (members === undefined || room.isRemoved(id)) return undefined;
    return members.filter((member) => member !== id);
  }

  /** Tells authors what was had and shown of theirs. Rejects as {@link MessageSealer.seal}. @returns whether the relay has it */
  async tellReceipt(
    name: string,
    marks: readonly AuthorMarks[],
  ): Promise<boolean> {
    const id = this.control.newId();
    const body = await this.sealer.sealReceipt(name, { id, marks });
    return await this.control.say(name, "g", body, id);
  }

  forget(name: string): void {
    this.book.forget(name);
    this.letIn.forget(name);
    this.asking.forget(name);
    this.leaving.forget(name);
    this.#turns.forget(name);
  }

  async #run(name: string): Promise<void> {
    const { stored, closed, clock } = this.#options;
    if (closed.aborted || stored.privateRooms.get(name) === undefined) return;
    try {
      await this.opener.run(name);
      const lost = stored.sealedFrames.giveUp(name, clock.wall());
      const why = this.book.isRemoved(name) ? { removed: true as const } : {};
      if (lost > 0) stored.mailbox.addGap(name, lost, why);
    } catch (error) {
      this.#failed(error);
    }
    this.#timer.within(BUSY_MS);
  }

  #failed(error: unknown): void {
    const { stored, closed, log } = this.#options;
    if (closed.aborted) return;
    const failure = Failure.from(error);
    if (failure.code === "FILE_TROUBLE") stored.failed(failure);
    log.warn("private room", { reason: failure.message });
  }

  /** @throws Failure where it could not be written */
  async #control(room: KnownRoom, control: ControlFrame): Promise<void> {
    const { kind, body, frame } = control;
    switch (kind) {
      case "e":
        return await this.#learn(room, frame.from, body);
      case "r": {
        const again = this.desk.read(body);
        if (again === null) return;
        return await this.#learn(room, again.author, again.record);
      }
      case "f":
        return this.#takePart(room, control);
      case "j":
        this.leaving.stays(room, frame);
        return this.gate.asked(room, body, frame);
      case "n": {
        const isRefused = await this.asking.heard(room, body, frame);
        return isRefused ? this.letIn.decided(room.name) : undefined;
      }
      case "l":
        return this.leaving.asked(room, body, frame);
      case "q":
        return this.desk.asked(room, body, frame);
    }
  }

  /** What is no member's is nobody's file. @throws Failure FILE_TROUBLE */
  #takePart(room: KnownRoom, { body, frame: { from } }: ControlFrame): void {
    const { me, stored, clock } = this.#options;
    if (from === me.id) return;
    const part = readFilePart(body);
    const members = room.inForce?.state.members ?? [];
    if (part === null || !members.includes(from)) this.opener.refused++;
    else stored.fileParts.take(from, part, clock.wall());
  }

  async #learn(
    room: KnownRoom,
    author: string,
    body: Uint8Array,
  ): Promise<void> {
    const learned = await this.book.learn(room, { author, body });
    if ("refused" in learned) {
      // Who is not let in yet knows nobody of the room: its own records are as strange to him as anybody's.
      if (room.anchor !== undefined) this.opener.refused++;
      return;
    }
    this.desk.saw(room.name, learned.hash);
    this.letIn.changed(room);
    this.#wantBetween(room);
  }

  /** A relay may give a later record, and keep back the removal before it. */
  #wantBetween(room: KnownRoom): void {
    const { id } = this.#options.me;
    for (const { hash, author } of room.between) {
      if (author !== id) this.desk.want(room, startOf(hash), author);
    }
  }

  /** A key came: what could not be opened may be, now. */
  #opened(room: KnownRoom): void {
    this.#options.stored.sealedFrames.loosen(room.name);
    this.letIn.changed(room);
    void this.wake(room.name);
  }

  #wentOut(room: string, agents: readonly string[]): void {
    this.wentOut.push(...agents.map((agent) => ({ room, agent })));
    this.wentOut.splice(0, this.wentOut.length - MOST_OUT);
    this.#options.log.warn("members went out again", {
      ...{ room, count: agents.length },
    });
  }

  #ownStream({ stream, at }: Head): void {
    const { sealer } = this;
    if (stream === sealer.stream || at <= sealer.began) return;
    this.twoAt = this.#options.clock.wall();
    this.#options.log.warn("two daemons use this key");
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { stored: { privateRooms } } = this.#options;
    let isBusy = false;
    for (const { name } of privateRooms.all()) {
      // What can't be done in one room now keeps nobody from the others.
      try {
        const room = await this.book.room(name);
        await this.#lookAt(room);
        isBusy ||= this.#isBusy(room);
      } catch (error) {
        this.#failed(error);
        isBusy = true;
      }
    }
    this.#timer.within(isBusy ? BUSY_MS : IDLE_MS);
  }

  async #lookAt(room: KnownRoom): Promise<void> {
    const { stored } = this.#options;
    const { name } = room;
    if (!this.letIn.isIn(room)) {
      this.letIn.changed(room);
      await this.asking.ask(room);
    } else await this.asking.stay(room);
    // Who lets others in gives them the way from the first epoch, which he may never have needed.
    const { root } = this.book.place(name);
    if (!room.records.has(root) && room.isAdminNow(this.#options.me.id)) {
      this.letIn.wantParents(room);
    }
    // What could not be written when it came.
    if (stored.sealedFrames.next(name, 1).length > 0) void this.wake(name);
    await this.desk.askDue(room);
    this.#hearing.tellLost(room);
    if (!this.control.isOpen(name)) return;
    for (const record of stored.epochRecords.unsent(name)) {
      await this.maker.handOver(room, record);
    }
    this.leaving.lookAfter(room);
    if (this.#turns.isDue(room)) {
      await this.maker.changeByItself(name, (state) => state);
    }
  }

  #isBusy(room: KnownRoom): boolean {
    const { stored } = this.#options;
    return room.anchor === undefined || this.letIn.isAsking(room) ||
      stored.privateRooms.get(room.name)?.stays === true ||
      room.wanted.size > 0 || this.leaving.isOwed(room) ||
      (room.standing?.loose.length ?? 0) > 0 ||
      [...room.heard.values()].some(({ holes }) => holes.length > 0) ||
      stored.epochRecords.unsent(room.name).length > 0 ||
      stored.sealedFrames.next(room.name, 1).length > 0;
  }
}
