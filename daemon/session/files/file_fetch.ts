import { createHash, type Hash } from "node:crypto";
import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import type { MessageQuery } from "../../../lib/local_api/types/mailbox.ts";
import {
  type AttachedFile,
  attachedFile,
} from "../../../lib/protocol/attached_file.ts";
import { sealedLength } from "../../../lib/sealed/file_length.ts";
import { FileOpener } from "../../../lib/sealed/file_seal.ts";
import { fromBase64 } from "../../../lib/sealed/sealed_text.ts";
import type { KeptFile } from "../../mailbox/file_column.ts";
import type { FileParts } from "../../mailbox/file_parts.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { MessageLookup } from "../read/message_lookup.ts";
import type { FileKeys } from "./file_keys.ts";
import type { FileScopes } from "./file_scopes.ts";
import type { RelayBlobs } from "./relay_blobs.ts";

export interface FileFetchOptions {
  readonly lookup: Pick<MessageLookup, "find">;
  readonly mailbox: Pick<Mailbox, "files" | "wireIdOf">;
  readonly keys: FileKeys;
  readonly scopes: FileScopes;
  readonly blobs: RelayBlobs;
  readonly fileParts: Pick<FileParts, "have" | "pieces">;
  readonly clock: Pick<Clock, "wall">;
}

/** Gets the files of messages: from the relay, or of what came in parts. */
export class FileFetch {
  readonly #options: FileFetchOptions;

  constructor(options: FileFetchOptions) {
    this.#options = options;
  }

  /**
   * The bytes of a message's file, opened, piece by piece; only at the end is it known that they are those that its
   * author sent. Rejects with a `Failure`: NOT_FOUND, NOT_VERIFIED, FILE_ALTERED, and FILE_PARTS, those of the relay.
   */
  async *give(
    query: MessageQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, AttachedFile> {
    const { room, from, file } = await this.#find(query);
    const { scopes, blobs } = this.#options;
    const { size, sha256, blob = sha256, key } = file;
    if (scopes.isSealed(room) !== (key !== undefined)) throw noFile(query.id);
    const pieces = file.parts === undefined
      ? blobs.get({
        scope: scopes.of(room),
        sha256: blob,
        size: key === undefined ? size : sealedLength(size),
      }, signal)
      : this.#inParts(from, blob, file.parts);
    yield* checked(file, pieces);
    return opened(file);
  }

  async #find(query: MessageQuery) {
    const { lookup, mailbox, keys } = this.#options;
    const message = await lookup.find(query);
    const { from, room } = message;
    const named = { from, id: mailbox.wireIdOf(message.id) };
    const kept = mailbox.files.of(named);
    const file: KeptFile | undefined = kept ??
      (message.file && { ...message.file, ...keys.of(named) });
    if (file === undefined) throw noFile(query.id);
    // Whoever could write the message could name another file.
    if (!message.verified) throw new Failure("FILE_ALTERED");
    return { room, from, file };
  }

  /** @throws Failure FILE_PARTS where not all are here */
  #inParts(from: string, blob: string, of: number): AsyncIterable<Uint8Array> {
    const { fileParts, clock } = this.#options;
    const have = fileParts.have(from, blob, clock.wall());
    if (have < of) throw new Failure("FILE_PARTS", { fields: { have, of } });
    return ReadableStream.from(fileParts.pieces(from, blob));
  }
}

/** @throws Failure FILE_ALTERED where it is not the file that was sent. */
async function* checked(
  { size, sha256, blob, key }: KeptFile,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const opener = key === undefined ? null : openerOf(key, size);
  const plain = createHash("sha256");
  const there = createHash("sha256");
  let given = 0;
  const out = function* (opened: readonly Uint8Array[] | null) {
    if (opened === null) throw new Failure("FILE_ALTERED");
    for (const piece of opened) {
      plain.update(piece);
      given += piece.length;
      if (piece.length > 0) yield piece;
    }
  };
  for await (const piece of pieces) {
    there.update(piece);
    yield* out(opener === null ? [piece] : opener.push(piece));
  }
  if (opener !== null) yield* out(opener.end());
  const isWhole = given === size && hexOf(plain) === sha256 &&
    (blob === undefined || hexOf(there) === blob);
  if (!isWhole) throw new Failure("FILE_ALTERED");
}

function openerOf(key: string, size: number): FileOpener {
  const bytes = fromBase64(key);
  if (bytes === null) throw new Failure("FILE_ALTERED");
  return new FileOpener(bytes, size);
}

function opened(file: KeptFile): AttachedFile {
  const open = attachedFile(file);
  if (open === undefined) throw new Failure("FILE_ALTERED");
  return open;
}

const hexOf = (hash: Hash) => hash.digest("hex");

function noFile(id: string): Failure {
  return new Failure("NOT_FOUND", {
    fields: {
      what: `file with the message '${id.slice(0, 128)}'`,
      fix: "see what there is: agentnet files ROOM",
    },
  });
}
