import type { CommonFlags } from "./flags.ts";

/** Flags of `messages`. */
export interface MessagesFlags extends CommonFlags {
  readonly wait?: number;
  readonly limit?: number;
  readonly peek?: boolean;
  readonly after?: number;
  readonly all?: boolean;
  readonly from?: string;
  readonly mention?: boolean;
  readonly count?: boolean;
  readonly follow?: boolean;
  readonly maxBytes?: number;
  readonly raw?: boolean;
}

/** Whether these flags leave messages as unread as they were. */
export function keepsUnread(
  { peek, after, all }: Pick<MessagesFlags, "peek" | "after" | "all">,
): boolean {
  return (peek ?? false) || after !== undefined || (all ?? false);
}
