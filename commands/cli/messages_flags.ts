import {
  MESSAGES_APART,
  mixed,
  refuseApart,
} from "../../lib/conversation/mixed_parts.ts";
import { defined } from "../../lib/defined.ts";
import type { MessagesQuery } from "../../lib/local_api/types/mailbox.ts";
import { parseRoom } from "../../lib/conversation/room_name.ts";
import type { BoundFlags } from "./max_bytes.ts";

/** Flags of `messages`. */
export interface MessagesFlags extends BoundFlags {
  readonly wait?: number;
  readonly limit?: number;
  readonly last?: number;
  readonly skip?: number;
  readonly peek?: boolean;
  readonly after?: number;
  readonly all?: boolean;
  readonly from?: string;
  readonly mention?: boolean;
  readonly count?: boolean;
  readonly digest?: boolean;
  readonly again?: boolean;
  readonly follow?: boolean;
  readonly raw?: boolean;
}

/** Whether these flags leave messages as unread as they were. */
export function keepsUnread(
  { peek, after, all, again, digest }: Pick<
    MessagesFlags,
    "peek" | "after" | "all" | "again" | "digest"
  >,
): boolean {
  return [peek, all, again, digest].some((one) => one === true) ||
    after !== undefined;
}

/** @throws {Failure} USAGE for flags that contradict each other. */
export function refuseMixed(
  flags: MessagesFlags,
  room: string | undefined,
): void {
  refuseApart(
    MESSAGES_APART,
    (part) => flags[part] !== undefined && flags[part] !== false,
    (part) => part === "maxBytes" ? "--max-bytes" : `--${part}`,
  );
  if (flags.again && room !== undefined) throw mixed("--again", "a room");
}

/** What the flags ask for. @throws {Failure} ROOM_NAME_INVALID */
export function messagesQuery(
  { limit, last, skip, after, all, from, mention, again }: MessagesFlags,
  room: string | undefined,
): MessagesQuery {
  return defined({
    room: room === undefined ? undefined : parseRoom(room),
    ...{ limit, last, after, from },
    skip: skip || undefined,
    all: all || undefined,
    mention: mention || undefined,
    again: again || undefined,
  });
}
