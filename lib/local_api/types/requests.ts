// Agents that are not known here and wrote: `requests`, `accept`, `drop_request`.

import type { AttachedFile } from "../../protocol/attached_file.ts";
import type { RoomName } from "../../protocol/names.ts";

/** What an agent that is not known here wrote: it waits until it is accepted, and wakes nobody. */
export interface WaitingRequest {
  readonly from: string;
  /** A claim. */
  readonly from_name: string;
  readonly text: string;
  readonly timestamp: number;
  readonly received_at: number;
  /** What goes with it. */
  readonly file?: AttachedFile;
  /** The name that is pinned to another key. */
  readonly name_conflict?: string;
}

/** GET /v2/requests */
export interface RequestsPage {
  readonly requests: readonly WaitingRequest[];
}

/** Answer of POST /v2/accept and /v2/drop_request. */
export interface RequestDone {
  /** Agent id. */
  readonly agent: string;
  /** What the talk with it is called from now on; absent where its request was dropped. */
  readonly room?: RoomName;
  /** How many messages of it had waited. */
  readonly messages: number;
}
