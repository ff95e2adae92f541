import { createHash } from "node:crypto";
import { Failure } from "../errors.ts";
import type { FileTransfer } from "../local_api/file_transfer.ts";
import type { MessageQuery } from "../local_api/types/mailbox.ts";
import type { AttachedFile } from "../protocol/attached_file.ts";
import type { TellBytes } from "./attachment.ts";

/** A file that is being written; gone again at its disposal unless it was kept. */
export interface FileToKeep extends AsyncDisposable {
  writeBytes(bytes: Uint8Array): Promise<void>;
  keep(): Promise<void>;
}

/** Which file, and where it goes. */
export interface WantedFile {
  /** The message that it goes with. */
  readonly query: MessageQuery;
  /** As that message names it. */
  readonly file: AttachedFile;
  /** As the user named it: where it is written. */
  readonly path: string;
  /** Makes a new file. Rejects with an error of `Deno.errors`, where there is one already too. */
  readonly create: (path: string) => Promise<FileToKeep>;
  /** Aborted, with a `Failure`, when it is not wanted any more. */
  readonly signal?: AbortSignal;
}

/**
 * Gets a message's file into a new file of the user's naming. Nothing is left of it where it is not just the one that
 * the message names.
 *
 * @throws {Failure} FILE_TROUBLE, FILE_ALTERED; those of the daemon and of the relay.
 */
export async function saveFile(
  { query, file, path, create, signal }: WantedFile,
  transfer: Pick<FileTransfer, "get">,
  tell: TellBytes,
): Promise<void> {
  const hash = createHash("sha256");
  let size = 0;
  await using out = await written(path, () => create(path));
  await transfer.get(query, async (piece) => {
    hash.update(piece);
    size += piece.length;
    await written(path, () => out.writeBytes(piece));
    tell(size);
  }, signal);
  if (size !== file.size || hash.digest("hex") !== file.sha256) {
    throw new Failure("FILE_ALTERED");
  }
  await written(path, () => out.keep());
}

async function written<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof Failure) throw error;
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new Failure("FILE_EXISTS", { fields: { path }, cause: error });
    }
    const fields = { action: "write", path, reason: error.message };
    throw new Failure("FILE_TROUBLE", { fields, cause: error });
  }
}
