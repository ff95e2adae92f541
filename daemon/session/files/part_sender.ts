import { uuid } from "../../../lib/conversation/message_id.ts";
import { type Clock, pause } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import {
  type FilePart,
  partCount,
  PartCutter,
  PARTS,
  writeFilePart,
} from "../../../lib/sealed/file_part.ts";
import { writeSealed } from "../../../lib/sealed/sealed_text.ts";
import type { SentFile } from "../../mailbox/file_column.ts";
import { type FileParts, KEPT_PARTS } from "../../mailbox/file_parts.ts";
import type { Reconnect } from "../reconnect.ts";
import type { OwnMessages } from "../send/own_messages.ts";
import type { SendWay } from "../send/send_way.ts";
import type { FileScopes } from "./file_scopes.ts";

export interface PartSenderOptions {
  /** This agent's id. */
  readonly me: string;
  readonly scopes: Pick<FileScopes, "isSealed">;
  readonly way: Pick<SendWay, "isOpen" | "handOver">;
  readonly own: Pick<OwnMessages, "numbered">;
  readonly fileParts: FileParts;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/** A file, and how it goes. */
export interface Sent {
  readonly room: RoomName;
  readonly file: SentFile;
  /** Called with how many bytes went, each time some did. */
  readonly tell: (bytes: number) => void;
}

/** A relay takes 60 messages a minute of an agent: half of them are left for messages. */
const PACE_MS = 2_000;
/** From a part that did not go to the next try; milliseconds. */
const AGAIN_MS = 5_000;

/** Brings files to the others of a sealed room in parts, where the relay keeps none. */
export class PartSender {
  readonly #options: PartSenderOptions;
  /** One file after the other: they share what a relay takes. */
  #turn: Promise<void> = Promise.resolve();
  /** How many parts of a file the relay has had, by its upload. */
  readonly #gone = new Map<string, number>();
  /** Monotonic: no part goes before that. */
  #notBefore = 0;

  constructor(options: PartSenderOptions) {
    this.#options = options;
  }

  /** Whether the files of a room go that way. @throws Failure BLOB_OFF, BLOB_TOO_BIG for one that can't go there at all */
  isFor(room: RoomName, size: number): boolean {
    const { reconnect: { connection }, scopes } = this.#options;
    if (connection === undefined || connection.features.has("blobs")) {
      return false;
    }
    // An inbox that a relay keeps is small, and for messages.
    const isWay = scopes.isSealed(room) &&
      !(isDirectRoom(room) && connection.features.has("direct"));
    if (!isWay) throw new Failure("BLOB_OFF");
    const most = PARTS.fileBytes;
    if (size <= most) return true;
    throw new Failure("BLOB_TOO_BIG", {
      fields: { bytes: size, most: `${most} (1 MB) where a relay keeps none` },
    });
  }

  /**
   * Sends all parts that have not gone. Rejects with a `Failure` with a time, or NOT_CONNECTED, where it goes on later.
   *
   * @returns until when the others keep it, milliseconds since 1970
   */
  put(sent: Sent, sealed: AsyncIterable<Uint8Array>): Promise<number> {
    const run = this.#turn.then(() => this.#put(sent, sealed));
    this.#turn = run.then(() => undefined, () => undefined);
    return run;
  }

  /** Nothing waits with it any more. */
  forget(upload: string): void {
    this.#gone.delete(upload);
  }

  async #put(
    { room, file, tell }: Sent,
    sealed: AsyncIterable<Uint8Array>,
  ): Promise<number> {
    const { me, fileParts, clock } = this.#options;
    const { upload, size, blob = "" } = file;
    const count = partCount(size);
    let index = 0;
    for await (const bytes of inParts(sealed)) {
      const part = { blob, index: index++, count, bytes };
      if (index > (this.#gone.get(upload) ?? 0)) {
        await this.#say(room, part);
        this.#gone.set(upload, index);
        // Its author can get it again, as the others can.
        fileParts.take(me, part, clock.wall());
      }
      tell(bytes.length);
    }
    const now = clock.wall();
    fileParts.named(me, { blob, parts: count }, now);
    return now + KEPT_PARTS.keptMs;
  }

  async #say(room: RoomName, part: FilePart): Promise<void> {
    const { reconnect, way, own, clock, randomBytes, closed } = this.#options;
    const ms = this.#notBefore - clock.monotonic();
    if (ms > 0) await pause(clock, { ms, signal: closed });
    const { connection } = reconnect;
    if (connection === undefined || closed.aborted) {
      throw new Failure("NOT_CONNECTED");
    }
    if (!way.isOpen(room)) {
      const reason = "nobody can be told there now";
      throw new Failure("NOT_CONNECTED", { fields: { reason } });
    }
    this.#notBefore = clock.monotonic() + PACE_MS;
    const id = uuid(randomBytes(16));
    const text = writeSealed("f", writeFilePart(part));
    const outcome = await way.handOver(connection, { id, room, text });
    if (outcome.status !== "accepted") {
      throw new Failure("NOT_CONNECTED", {
        fields: { reason: "a part of the file may not have gone" },
        retryAfterMs: AGAIN_MS,
      });
    }
    if (!isDirectRoom(room)) own.numbered(room, outcome.seq);
  }
}

async function* inParts(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const cutter = new PartCutter();
  for await (const piece of pieces) yield* cutter.push(piece);
  yield* cutter.end();
}
