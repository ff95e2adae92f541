import type { Clock } from "../../../lib/clock.ts";
import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type {
  SendRequest,
  SendResult,
  WaitsFor,
} from "../../../lib/local_api/types/sends.ts";
import { MARKED_ROOM_MEMBERS } from "../../../lib/protocol/marks_frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { LoggedSend, SendLog } from "../../mailbox/send_log.ts";
import type { Brakes } from "../core/brakes.ts";
import type { Outbox } from "./outbox.ts";
import { attachedFile } from "../../../lib/protocol/attached_file.ts";
import type { SentFile } from "../../mailbox/file_column.ts";
import type { FileIntake } from "../files/file_intake.ts";
import type { Sent } from "./send_queue.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { Rooms } from "../rooms.ts";
import { uuid } from "../../../lib/conversation/message_id.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { checkIds, textFacts } from "./send_check.ts";
import { SEALED_PREFIX } from "../../../lib/sealed/sealed_text.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { SendWay } from "./send_way.ts";
import type { Reconnect } from "../reconnect.ts";

export interface SendingOptions {
  readonly rooms: Pick<Rooms, "get">;
  readonly sends: SendLog;
  readonly mailbox: Pick<Mailbox, "wireIdOf">;
  readonly outbox: Outbox;
  readonly way: Pick<SendWay, "waitsFor">;
  readonly sealed: Pick<SealedRooms, "isPrivate" | "readers">;
  readonly brakes: Brakes;
  readonly brakesOn: boolean;
  readonly clock: Clock;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly intake: Pick<FileIntake, "of" | "has" | "tidySoon">;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** From a request to send to its answer: what is refused before it goes anywhere, and what is the same send again. */
export class Sending {
  readonly #options: SendingOptions;

  constructor(options: SendingOptions) {
    this.#options = options;
  }

  /** Rejects with a `Failure`. */
  async send(request: SendRequest): Promise<SendResult> {
    checkIds(request);
    const { room, text } = request;
    const receipt = request.receipt === true &&
      await this.#canHaveReceipt(room);
    const id = request.id ?? uuid(this.#options.randomBytes(16));
    const had = request.id === undefined ? undefined : this.#had(id);
    const file = this.#fileOf(request);
    if (had !== undefined && !isSame(had, { text, room, file })) {
      throw new Failure("MESSAGE_ID_TAKEN", { fields: { id } });
    }
    const sent = this.#alreadySent(had) ??
      await this.#out({ ...request, id, receipt, file }, had);
    const { status, seq, others } = sent;
    return {
      ...{ status, id, room, ...textFacts(text) },
      ...defined({ seq, others, waits_for: this.#waitsFor(room, sent) }),
      ...defined({ file: attachedFile(file) }),
      ...(request.receipt ? { receipt } : {}),
    };
  }

  #waitsFor(room: RoomName, { status }: Sent): WaitsFor | undefined {
    const { way, sealed } = this.#options;
    return status === "queued"
      ? way.waitsFor(room, sealed.isPrivate(room))
      : undefined;
  }

  /** Whether readers can tell what becomes of it, as far as is known. Rejects with a `Failure`. */
  async #canHaveReceipt(room: RoomName): Promise<boolean> {
    const { rooms, sealed, reconnect } = this.#options;
    if (isDirectRoom(room)) return true;
    if (sealed.isPrivate(room)) {
      const readers = await sealed.readers(room) ?? 0;
      return readers < MARKED_ROOM_MEMBERS;
    }
    const isPassedOn = reconnect.connection?.features.has("marks") ?? true;
    const members = rooms.get(room)?.memberIds ?? [];
    return isPassedOn && members.length <= MARKED_ROOM_MEMBERS;
  }

  #fileOf({ attach, room }: SendRequest): SentFile | undefined {
    return attach === undefined
      ? undefined
      : this.#options.intake.of(attach, room);
  }

  #had(id: string): LoggedSend | undefined {
    return this.#options.sends.byId(id);
  }

  /** What is done, or can't be repeated without the risk of a second message. */
  #alreadySent(had: LoggedSend | undefined): Sent | undefined {
    if (had === undefined || this.#options.outbox.isOpen(had.id)) {
      return undefined;
    }
    if (had.status === "accepted") {
      const { seq } = had;
      return { status: "accepted", ...(seq === undefined ? {} : { seq }) };
    }
    const repeatable =
      this.#options.reconnect.connection?.features.has("ack") ?? false;
    return had.status === "unknown" && !repeatable
      ? { status: "unknown" }
      : undefined;
  }

  async #out(
    { file, ...send }: SendRequest & {
      readonly id: string;
      readonly file: SentFile | undefined;
    },
    had: LoggedSend | undefined,
  ): Promise<Sent> {
    const { room, id, text, reply_to, kind, written_by, force, receipt } = send;
    const { rooms, outbox, brakes, brakesOn, clock, sealed } = this.#options;
    const isNew = had === undefined;
    if (!isDirectRoom(room) && (isNew || !outbox.isOpen(id))) {
      const there = rooms.get(room);
      if (there === undefined || there.ended !== undefined) {
        throw new Failure("NOT_IN_ROOM", { fields: { room } });
      }
    }
    if (!sealed.isPrivate(room) && text.startsWith(SEALED_PREFIX)) {
      throw new Failure("TEXT_INVALID", {
        fields: { reason: `it begins as what is sealed: ${SEALED_PREFIX}` },
      });
    }
    if (isNew) {
      const held = brakesOn && !force
        ? brakes.check(room, clock.monotonic())
        : null;
      if (held !== null) throw held;
      brakes.spoke(room, clock.monotonic());
    }
    const replyTo = reply_to === undefined
      ? undefined
      : this.#options.mailbox.wireIdOf(reply_to);
    const sent = outbox.send({
      ...{ id, room, text, replyTo, kind, file, writtenBy: written_by },
      receipt,
    });
    if (file === undefined) return await sent;
    const { intake } = this.#options;
    intake.has(file.upload);
    try {
      return await sent;
    } finally {
      intake.tidySoon();
    }
  }
}

/** Whether a send of an id is the one that was sent under it. */
function isSame(
  had: LoggedSend,
  { text, room, file }: Pick<LoggedSend, "text" | "room" | "file">,
): boolean {
  return had.text === text && had.room === room &&
    had.file?.sha256 === file?.sha256;
}
