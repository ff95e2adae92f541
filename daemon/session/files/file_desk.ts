import type {
  FilesPage,
  FilesQuery,
  FileWanted,
  TakenFile,
} from "../../../lib/local_api/types/files.ts";
import type { MessageQuery } from "../../../lib/local_api/types/mailbox.ts";
import type { AttachedFile } from "../../../lib/protocol/attached_file.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { RequestsDesk } from "../direct/requests_desk.ts";
import type { Talks } from "../direct/talks.ts";
import type { ShownMessages } from "../read/shown_messages.ts";
import type { FileFetch } from "./file_fetch.ts";
import type { FileIntake } from "./file_intake.ts";

export interface FileDeskOptions {
  readonly mailbox: Pick<Mailbox, "files">;
  readonly shown: Pick<ShownMessages, "all">;
  readonly talks: Pick<Talks, "meant">;
  readonly desk: Pick<RequestsDesk, "roomOf">;
  readonly intake: FileIntake;
  readonly fetch: FileFetch;
}

/** What the local API asks of files. */
export class FileDesk {
  readonly #options: FileDeskOptions;

  constructor(options: FileDeskOptions) {
    this.#options = options;
  }

  /** Those of the messages that are kept of a room. */
  list({ room, limit }: FilesQuery): FilesPage {
    const { mailbox, shown, talks } = this.#options;
    const meant = talks.meant({ room }).room;
    return { messages: shown.all(mailbox.files.in(meant, limit)) };
  }

  /** As {@link FileIntake.take}, for a room or for the agent that `@` and a word mean. */
  async *take(
    wanted: FileWanted,
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<number, TakenFile> {
    const { desk, intake } = this.#options;
    const room = await desk.roomOf(wanted.room);
    return yield* intake.take({ ...wanted, room }, content);
  }

  /** As {@link FileFetch.give}. */
  give(
    query: MessageQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, AttachedFile> {
    const { talks, fetch } = this.#options;
    return fetch.give(talks.meant(query), signal);
  }
}
