import { createHash } from "node:crypto";
import { Failure } from "../errors.ts";
import type { OwnSecrets } from "../guards/secrets.ts";
import type { FileTransfer } from "../local_api/file_transfer.ts";
import type { TakenFile } from "../local_api/types/files.ts";
import { FILE, harmlessName } from "../protocol/attached_file.ts";
import type { RoomName } from "../protocol/names.ts";
import { FileSecrets } from "./file_secrets.ts";
import type { FileOpener, OpenedFile } from "./opened_file.ts";

/** What a file is looked at by before it leaves. */
export interface AttachRules {
  /** Folders of which no file ever leaves: data dirs. */
  readonly closed: readonly string[];
  /** What must not stand in it; null where a human lets pass what looks like a secret. */
  readonly own: OwnSecrets | null;
}

/** Told how many bytes of a file were moved, now and then. */
export type TellBytes = (bytes: number) => void;

/** A file that may leave. */
export class Attachment implements Disposable {
  readonly #file: OpenedFile;
  readonly #sha256: string;
  /** As it is told. */
  readonly name: string;

  /** Bytes. */
  get size(): number {
    return this.#file.size;
  }

  private constructor(
    file: OpenedFile,
    { name, sha256 }: { readonly name: string; readonly sha256: string },
  ) {
    this.#file = file;
    this.#sha256 = sha256;
    this.name = name;
  }

  /**
   * Opens a file, and reads all of it once: by whatever path it is reached, one of a data dir is refused.
   *
   * @throws {Failure} FILE_REFUSED, BLOB_TOO_BIG, SECRET_HELD_BACK, FILE_CHANGED, USAGE where it can't be read.
   */
  static async open(
    files: FileOpener,
    path: string,
    rules: AttachRules,
  ): Promise<Attachment> {
    const file = await opened(files, path);
    try {
      await checkPlace(files, { path, file }, rules);
      const name = harmlessName(path);
      const sha256 = await looked(
        file,
        [name, await ownName(files, path)],
        rules,
      );
      return new Attachment(file, { name, sha256 });
    } catch (error) {
      file[Symbol.dispose]();
      throw error instanceof Failure ? error : unreadable(path, error);
    }
  }

  /**
   * Hands it to the daemon, for a message in a room.
   *
   * @throws {Failure} FILE_CHANGED where it is not what was looked at; those of the daemon and of the relay.
   */
  async handOver(
    room: RoomName,
    transfer: FileTransfer,
    tell: TellBytes,
  ): Promise<TakenFile> {
    const { size } = this.#file;
    const wanted = { room, name: this.name, size };
    const content = just(this.#file.pieces(), size);
    const taken = await transfer.put(wanted, content, tell);
    if (taken.sha256 !== this.#sha256) throw new Failure("FILE_CHANGED");
    return taken;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

async function opened(files: FileOpener, path: string): Promise<OpenedFile> {
  let file: OpenedFile | null;
  try {
    file = await files.open(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (file !== null) return file;
  throw refused(path, "it is no regular file");
}

async function checkPlace(
  files: FileOpener,
  { path, file }: { readonly path: string; readonly file: OpenedFile },
  { closed }: AttachRules,
): Promise<void> {
  const { dev, ino, size } = file;
  const own = await files.within(closed);
  if (own.some((one) => one.dev === dev && one.ino === ino)) {
    throw refused(path, "it belongs to an agent's data dir");
  }
  if (size > FILE.bytes) {
    const fields = { bytes: size, most: FILE.bytes };
    throw new Failure("BLOB_TOO_BIG", { fields });
  }
}

/** Its own where a link led to it; as it was given where it has none any more. */
async function ownName(files: FileOpener, path: string): Promise<string> {
  try {
    return harmlessName(await files.realPath(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return harmlessName(path);
    throw error;
  }
}

/** @param names that it is told by, and its own where a link led to it. @returns its SHA-256, hex. */
async function looked(
  file: OpenedFile,
  names: readonly [string, string],
  { own }: AttachRules,
): Promise<string> {
  const secrets = own === null ? null : new FileSecrets(names, own);
  const hash = createHash("sha256");
  for await (const piece of just(file.pieces(), file.size)) {
    hash.update(piece);
    secrets?.push(piece);
  }
  secrets?.end();
  return hash.digest("hex");
}

/** @throws {Failure} FILE_CHANGED where it is longer or shorter than it was. */
async function* just(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    if (read > size) break;
    yield piece;
  }
  if (read !== size) throw new Failure("FILE_CHANGED");
}

function refused(path: string, reason: string): Failure {
  return new Failure("FILE_REFUSED", { fields: { path, reason } });
}

function unreadable(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.name : String(error);
  return new Failure("USAGE", {
    fields: {
      reason: `can't read the file ${path}: ${reason}`,
      fix: "check its name and its modes",
    },
    cause: error,
  });
}
