import { createHash, type Hash } from "node:crypto";
import { type Clock, pause } from "../../../lib/clock.ts";
import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import type {
  FileWanted,
  TakenFile,
} from "../../../lib/local_api/types/files.ts";
import { FILE, harmlessName } from "../../../lib/protocol/attached_file.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { FileSealer } from "../../../lib/sealed/file_seal.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import { toBase64 } from "../../../lib/sealed/sealed_text.ts";
import type { SentFile } from "../../mailbox/file_column.ts";
import type { FileScopes } from "./file_scopes.ts";
import type { FileStore } from "./file_store.ts";
import { type FileUploads, isForNow } from "./file_uploads.ts";
import type { PartSender } from "./part_sender.ts";

export interface FileIntakeOptions {
  readonly store: FileStore;
  readonly scopes: FileScopes;
  readonly uploads: FileUploads;
  readonly parts: Pick<PartSender, "isFor">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A file that was taken in, and which message will have it is not known yet. */
interface Taken {
  readonly room: RoomName;
  readonly file: SentFile;
  /** Monotonic time. */
  readonly at: number;
}

/** So many files wait here at most, those of messages that wait among them. */
const MOST_FILES = 32;
/** So long one waits for its message; milliseconds. */
const UNSENT_MS = 600_000;
/** Between two words on how far it is, in milliseconds. */
const TELL_MS = 500;

/**
 * Takes in the files that go with messages. What the relay calls a file is the hash of it, so all of it is here, on
 * disk and sealed where its room is, before any goes to the relay; and what was sent is just what was hashed.
 */
export class FileIntake {
  readonly #options: FileIntakeOptions;
  readonly #taken = new Map<string, Taken>();
  /** Being written now. */
  readonly #writing = new Set<string>();

  constructor(options: FileIntakeOptions) {
    this.#options = options;
  }

  /**
   * Takes one in, and brings it to the relay where there is a connection. Rejects with a `Failure`; nothing is left of
   * it then.
   *
   * @returns what a message names it by. Yields how many bytes are at the relay, now and then.
   */
  async *take(
    { room, name, size }: FileWanted & { readonly room: RoomName },
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<number, TakenFile> {
    const { scopes, parts } = this.#options;
    checkSize(size);
    scopes.checkOpen(room);
    parts.isFor(room, size);
    await this.tidy();
    const file = await this.#keep({ room, name, size }, content);
    const until = yield* this.#toRelay(room, file);
    this.#remember(room, { ...file, ...defined({ until }) });
    const { upload, sha256 } = file;
    return { upload, name: file.name, size, sha256, ...defined({ until }) };
  }

  /** The file that a message names. @throws Failure NOT_FOUND */
  of(upload: string, room: RoomName): SentFile {
    const taken = this.#taken.get(upload);
    if (taken?.room === room) return taken.file;
    throw new Failure("NOT_FOUND", {
      fields: { what: "such file here", fix: "attach it again" },
    });
  }

  /** A message has it: from now on it waits with that. */
  has(upload: string): void {
    this.#taken.delete(upload);
  }

  /** There is a connection: what an earlier run left goes, or goes on. */
  connected(): void {
    this.tidySoon();
  }

  /** As {@link tidy}, where nobody waits for it. */
  tidySoon(): void {
    this.tidy().catch((error) => {
      const reason = Failure.from(error).message;
      this.#options.log.warn("files not tidied", { reason });
    });
  }

  /** Removes what nobody waits for any more. Rejects with FILE_TROUBLE. */
  async tidy(): Promise<void> {
    const { clock, uploads } = this.#options;
    const oldest = clock.monotonic() - UNSENT_MS;
    for (const [id, { at }] of this.#taken) {
      if (at < oldest) this.#taken.delete(id);
    }
    await uploads.tidy(() => [...this.#taken.keys(), ...this.#writing]);
  }

  async #keep(
    wanted: FileWanted & { readonly room: RoomName },
    content: AsyncIterable<Uint8Array>,
  ): Promise<SentFile> {
    const { store, scopes, randomBytes } = this.#options;
    const { room, name, size } = wanted;
    const upload = randomBytes(16).toHex();
    const key = scopes.isSealed(room) ? randomBytes(KEY_BYTES) : undefined;
    this.#writing.add(upload);
    try {
      const here = new Set([...await store.list(), ...this.#writing]);
      if (here.size > MOST_FILES) {
        throw new Failure("FILES_WAIT", { fields: { count: MOST_FILES } });
      }
      await using kept = await store.create(upload);
      const hashes = await write({ size, key }, content, kept);
      await kept.keep();
      const file = {
        ...{ upload, name: harmlessName(name), size, sha256: hashes.plain },
        ...(key === undefined ? {} : { blob: hashes.blob, key: toBase64(key) }),
      };
      this.#remember(room, file);
      return file;
    } finally {
      this.#writing.delete(upload);
    }
  }

  #remember(room: RoomName, file: SentFile): void {
    const at = this.#options.clock.monotonic();
    this.#taken.set(file.upload, { room, file, at });
  }

  /** Undefined where it has to wait for the relay. */
  async *#toRelay(
    room: RoomName,
    file: SentFile,
  ): AsyncGenerator<number, number | undefined> {
    const { uploads, store, clock } = this.#options;
    let sent = 0;
    const done = Promise.withResolvers<number | Failure>();
    uploads.put(room, file, (bytes) => sent += bytes)
      .then(done.resolve, (error) => done.resolve(Failure.from(error)));
    for (;;) {
      const tick = new AbortController();
      const next = await Promise.race([
        done.promise,
        pause(clock, { ms: TELL_MS, signal: tick.signal }),
      ]);
      tick.abort();
      if (next === undefined) yield sent;
      else if (typeof next === "number") return next;
      else if (isForNow(next)) return undefined;
      else {
        this.#taken.delete(file.upload);
        await store.remove(file.upload);
        throw next;
      }
    }
  }
}

/** @throws Failure BLOB_TOO_BIG */
function checkSize(bytes: number): void {
  if (bytes <= FILE.bytes) return;
  throw new Failure("BLOB_TOO_BIG", { fields: { bytes, most: FILE.bytes } });
}

/** Writes it down, sealed where there is a key. @returns the hashes of it and of what was written, hex */
async function write(
  { size, key }: {
    readonly size: number;
    readonly key: Uint8Array | undefined;
  },
  content: AsyncIterable<Uint8Array>,
  to: { write(bytes: Uint8Array): Promise<void> },
): Promise<{ readonly plain: string; readonly blob: string }> {
  const sealer = key === undefined ? null : new FileSealer(key, size);
  const plain = createHash("sha256");
  const blob = createHash("sha256");
  const out = async (pieces: readonly Uint8Array[]) => {
    for (const piece of pieces) {
      blob.update(piece);
      await to.write(piece);
    }
  };
  let taken = 0;
  for await (const piece of content) {
    taken += piece.length;
    if (taken > size) throw new Failure("FILE_CHANGED");
    plain.update(piece);
    await out(sealer === null ? [piece] : sealer.push(piece));
  }
  if (taken !== size) throw new Failure("FILE_CHANGED");
  await out(sealer?.end() ?? []);
  return { plain: hexOf(plain), blob: hexOf(blob) };
}

const hexOf = (hash: Hash) => hash.digest("hex");
