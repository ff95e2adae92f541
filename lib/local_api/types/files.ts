// Files of messages: `file` and `files`.

import type { AttachedFile } from "../../protocol/attached_file.ts";
import type { RoomName } from "../../protocol/names.ts";
import type { ReceivedMessage } from "./messages.ts";

/** Query of PUT /v2/file, whose body is the file. */
export interface FileWanted {
  /** The room, or the talk, in which a message will name it. */
  readonly room: RoomName;
  /** What it is called; of a path the last part counts. */
  readonly name: string;
  /** Bytes of the body. */
  readonly size: number;
}

/** A file that the daemon has taken in; `send` names it in `attach`, within ten minutes. */
export interface TakenFile extends AttachedFile {
  readonly upload: string;
}

/** Query of GET /v2/files. */
export interface FilesQuery {
  readonly room: RoomName;
  readonly limit: number;
}

/** GET /v2/files: the newest messages of the mailbox that have a file, oldest first. */
export interface FilesPage {
  readonly messages: readonly ReceivedMessage[];
}
