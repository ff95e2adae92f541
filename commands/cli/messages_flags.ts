import { Failure } from "../../lib/errors.ts";
import { defined } from "../../lib/defined.ts";
import type { MessagesQuery } from "../../lib/local_api/types.ts";
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

type FlagName = Exclude<keyof MessagesFlags, "api" | "dataDir" | "json">;

/** What each flag can't stand beside. */
const APART: readonly [FlagName, readonly FlagName[]][] = [
  ["all", ["after"]],
  ["last", ["limit"]],
  ["wait", ["skip"]],
  ["count", ["follow", "last", "skip"]],
  ["follow", ["wait", "maxBytes", "limit", "last", "skip"]],
  ["digest", ["wait", "count", "follow", "limit", "last", "skip", "raw"]],
  ["again", [
    ...["wait", "limit", "last", "skip", "after", "all", "from"] as const,
    ...["mention", "count", "digest", "follow", "peek"] as const,
  ]],
];

/** @throws {Failure} USAGE for flags that contradict each other. */
export function refuseMixed(
  flags: MessagesFlags,
  room: string | undefined,
): void {
  const isSet = (name: FlagName) =>
    flags[name] !== undefined && flags[name] !== false;
  for (const [one, others] of APART) {
    const other = isSet(one) ? others.find(isSet) : undefined;
    if (other !== undefined) throw apart(typed(one), typed(other));
  }
  if (flags.again && room !== undefined) throw apart("--again", "a room");
}

function apart(one: string, other: string): Failure {
  const reason = `${one} and ${other} don't go together`;
  return new Failure("USAGE", { fields: { reason, fix: "leave one out" } });
}

function typed(name: FlagName): string {
  return name === "maxBytes" ? "--max-bytes" : `--${name}`;
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
