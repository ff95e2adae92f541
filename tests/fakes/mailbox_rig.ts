import {
  type MailboxDatabase,
  openMailbox,
} from "../../daemon/mailbox/database.ts";
import type { NewMessage } from "../../daemon/mailbox/kept_messages.ts";
import { Mailbox, type MailboxOptions } from "../../daemon/mailbox/mailbox.ts";
import { asChecked, type Plain, type PlainCalls, plainCalls } from "./plain.ts";
import { openSqlite } from "../../lib/sql/sql.ts";

/** A mailbox in memory. */
export function memoryMailbox(options: Partial<MailboxOptions> = {}): {
  readonly mailbox: PlainCalls<Mailbox>;
  readonly database: MailboxDatabase;
} {
  const { database } = openMailbox(":memory:", {
    open: openSqlite,
    now: 0,
    create: () => {},
  });
  const me = { id: "M".repeat(44), name: "me" };
  const mailbox = plainCalls(
    new Mailbox(database, { me, buffer: 1_000, ...options }),
  );
  return { mailbox, database };
}

/** A message that differs from the plain one in these fields. */
export function message(
  fields: Partial<Plain<NewMessage>> = {},
): NewMessage {
  return asChecked<NewMessage>({
    ...{ id: "1", room: "tea", from: "A".repeat(44), from_name: "Ada" },
    ...{ text: "hello", timestamp: 1, received_at: 2, verified: true },
    late: false,
    ...fields,
  });
}
