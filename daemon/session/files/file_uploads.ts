import type { Clock } from "../../../lib/clock.ts";
import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { sealedLength } from "../../../lib/sealed/file_length.ts";
import { partCount } from "../../../lib/sealed/file_part.ts";
import type { SentFile } from "../../mailbox/file_column.ts";
import type { SendLog } from "../../mailbox/send_log.ts";
import type { Reconnect } from "../reconnect.ts";
import type { FileScopes } from "./file_scopes.ts";
import type { FileStore } from "./file_store.ts";
import type { PartSender } from "./part_sender.ts";
import type { RelayBlobs } from "./relay_blobs.ts";

export interface FileUploadsOptions {
  readonly store: FileStore;
  readonly blobs: RelayBlobs;
  readonly parts: Pick<PartSender, "isFor" | "put" | "forget">;
  readonly scopes: FileScopes;
  readonly sends: Pick<SendLog, "open">;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
  /** Called when one that was waited for is at the relay, or will never be. */
  readonly settled: () => void;
}

/** A message of ours with a file. */
interface FileSend {
  readonly room: RoomName;
  readonly file?: SentFile | undefined;
}

/** How it stands with one. */
interface Upload {
  /** It is at the relay until then. */
  until?: number;
  /** It went to the others, in so many parts. */
  parts?: number | undefined;
  /** It will not get there. */
  failure?: Failure;
  isUnderWay?: true;
  /** Monotonic time before which it is not tried. */
  notBefore: number;
}

/** From one try that time can cure to the next; milliseconds. */
const AGAIN_MS = 5_000;

/** Brings files to the relay, or in parts to the others, before the messages that name them go there. */
export class FileUploads {
  readonly #options: FileUploadsOptions;
  readonly #uploads = new Map<string, Upload>();

  constructor(options: FileUploadsOptions) {
    this.#options = options;
  }

  /**
   * Brings one to the relay now. Rejects with a `Failure`: NOT_CONNECTED and others with a time where a later try can
   * succeed ({@link isForNow}).
   *
   * @param tell called with how many bytes went, each time some did
   */
  async put(
    room: RoomName,
    file: SentFile,
    tell: (bytes: number) => void,
  ): Promise<number> {
    const { store, blobs, parts, scopes, reconnect, closed } = this.#options;
    const { connection } = reconnect;
    if (connection === undefined) throw new Failure("NOT_CONNECTED");
    const { size, sha256, blob = sha256, key, upload } = file;
    this.#checkSealed(room, file);
    if (parts.isFor(room, size)) {
      const until = await parts.put({ room, file, tell }, store.read(upload));
      this.#there(upload, { until, parts: partCount(size) });
      return until;
    }
    const until = await blobs.put(
      {
        scope: scopes.of(room),
        sha256: blob,
        size: key === undefined ? size : sealedLength(size),
      },
      counted(store.read(upload), tell),
      closed,
    );
    this.#there(upload, { until });
    return until;
  }

  /** Whether a message can go out: its file is at the relay, or can't get there. Begins to bring it there. */
  isReady({ room, file }: FileSend): boolean {
    if (file === undefined) return true;
    const upload = this.#of(file.upload);
    const { until, failure, isUnderWay, notBefore } = upload;
    if (until !== undefined || failure !== undefined) return true;
    const isTime = this.#options.clock.monotonic() >= notBefore;
    if (!isUnderWay && isTime) void this.#bring(room, file, upload);
    return false;
  }

  /** The file as the message names it. @throws Failure that of a file which can't get to the relay. */
  atRelay<Send extends FileSend>(send: Send): Send {
    const { room, file } = send;
    if (file === undefined) return send;
    const { until, failure, parts } = this.#of(file.upload);
    if (failure !== undefined) throw failure;
    this.#checkSealed(room, file);
    if (until === undefined) return send;
    return { ...send, file: { ...file, until, ...defined({ parts }) } };
  }

  /** Removes what no message waits with. @param others that are still wanted, as of the moment at which it is asked */
  async tidy(others: () => Iterable<string>): Promise<void> {
    const { store, sends } = this.#options;
    const there = await store.list();
    // Known from before it is there: one that comes in meanwhile is among them.
    const open = sends.open().map(({ file }) => file?.upload);
    const wanted = new Set([...others(), ...open]);
    // Before the disk is waited for: one that is begun meanwhile stays.
    for (const id of this.#uploads.keys()) {
      if (wanted.has(id)) continue;
      this.#uploads.delete(id);
      this.#options.parts.forget(id);
    }
    for (const id of there) {
      if (!wanted.has(id)) await store.remove(id);
    }
  }

  async #bring(
    room: RoomName,
    file: SentFile,
    upload: Upload,
  ): Promise<void> {
    const { clock, log, settled } = this.#options;
    upload.isUnderWay = true;
    try {
      await this.put(room, file, () => undefined);
    } catch (error) {
      const failure = Failure.from(error);
      log.warn("file not at the relay", { reason: failure.message });
      if (isForNow(failure)) {
        const ms = failure.retryAfterMs ?? AGAIN_MS;
        upload.notBefore = clock.monotonic() + ms;
        clock.after(ms, settled);
      } else upload.failure = failure;
    } finally {
      delete upload.isUnderWay;
    }
    settled();
  }

  #there(
    id: string,
    { until, parts }: { readonly until: number; readonly parts?: number },
  ): void {
    const upload = this.#of(id);
    upload.until = until;
    upload.parts = parts;
  }

  /** Its room was left, and another one has its name. */
  #checkSealed(room: RoomName, { key }: SentFile): void {
    if (this.#options.scopes.isSealed(room) === (key !== undefined)) return;
    throw new Failure("NOT_IN_ROOM", { fields: { room } });
  }

  #of(id: string): Upload {
    const had = this.#uploads.get(id);
    if (had !== undefined) return had;
    const upload = { notBefore: 0 };
    this.#uploads.set(id, upload);
    return upload;
  }
}

/** Whether a later try can succeed. */
export function isForNow({ code, retryAfterMs }: Failure): boolean {
  return code === "NOT_CONNECTED" || retryAfterMs !== undefined;
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    tell(piece.length);
  }
}
