import { type Fields, fileOf, type MessageRow } from "./rows.ts";

/** One of the agent's rooms, or its talk with one other. */
export interface OwnRoom {
  readonly name: string;
  readonly joined: boolean;
  readonly unread: number;
  readonly isPrivate: boolean;
  readonly reason: string;
}

/** What the daemon says of itself. */
export interface DaemonStatus {
  readonly connected: boolean;
  readonly reason: string;
  readonly relay: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly unread: number;
  readonly queued: number;
  readonly rooms: readonly OwnRoom[];
  readonly wakesToday: number;
  readonly wakeBrake: string;
  readonly warnings: readonly string[];
}

/** One of the agent's own messages, and what became of it. */
export interface SentRow {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly created_at: number;
  readonly status: string;
  readonly reason: string;
  /** What readers told of it, where it was asked for. */
  readonly receipts?: ReceiptCounts;
}

/** How many readers told that it arrived, how many of those that it was shown; of how many, 0 where that is not known. */
export interface ReceiptCounts {
  readonly delivered: number;
  readonly shown: number;
  readonly of: number;
}

export interface ContactRow {
  readonly id: string;
  readonly name: string;
  readonly muted: boolean;
}

/** A first message of an agent that is not known here. */
export interface RequestRow {
  readonly from: string;
  readonly name: string;
  readonly text: string;
  readonly timestamp: number;
  /** The name that is pinned to another key; "" without one. */
  readonly conflict: string;
}

/** A page of the mailbox, oldest first. */
export interface MailboxPage {
  readonly messages: readonly MessageRow[];
  readonly hasMore: boolean;
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? value as Fields : {};
const text = (value: unknown) => typeof value === "string" ? value : "";
const count = (value: unknown) => typeof value === "number" ? value : 0;
const list = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

export function readStatus(value: unknown): DaemonStatus {
  const status = fieldsOf(value);
  const wakes = fieldsOf(status.wakes);
  return {
    connected: status.connected === true,
    reason: text(status.reason),
    relay: text(status.relay),
    id: text(status.agent_id),
    name: text(status.agent_name),
    version: text(status.version),
    unread: count(status.unread),
    queued: count(status.queued),
    rooms: [
      ...list(status.rooms).map((room) => ({
        name: text(room.name),
        joined: room.joined === true,
        unread: count(room.unread),
        isPrivate: room.private === true,
        reason: text(room.reason),
      })),
      ...list(status.talks).map((talk) => ({
        name: text(talk.room),
        joined: true,
        unread: count(talk.unread),
        isPrivate: true,
        reason: "",
      })),
    ],
    wakesToday: count(wakes.today),
    wakeBrake: text(wakes.brake),
    warnings: Array.isArray(status.warnings) ? status.warnings.map(text) : [],
  };
}

export function readMailboxPage(value: unknown): MailboxPage {
  const page = fieldsOf(value);
  return {
    messages: list(page.messages).map((message) => ({
      id: text(message.id),
      seq: count(message.cursor),
      from: text(message.from),
      name: text(message.from_name),
      text: text(message.text),
      timestamp: count(message.timestamp),
      ...(text(message.reply_to) === ""
        ? {}
        : { reply_to: text(message.reply_to) }),
      ...(text(message.kind) === "" ? {} : { kind: text(message.kind) }),
      ...fileOf(message),
      isByPerson: message.written_by === "person",
      row: message,
    })),
    hasMore: count(page.remaining) > 0,
  };
}

export function readSent(value: unknown): readonly SentRow[] {
  return list(fieldsOf(value).sent).map((sent) => ({
    id: text(sent.id),
    room: text(sent.room),
    text: text(sent.text),
    created_at: count(sent.created_at),
    status: text(sent.status),
    reason: text(sent.reason),
    ...(sent.receipts === undefined
      ? {}
      : { receipts: readReceipts(fieldsOf(sent.receipts)) }),
  }));
}

function readReceipts({ delivered, shown, of }: Fields): ReceiptCounts {
  return { delivered: count(delivered), shown: count(shown), of: count(of) };
}

export function readContacts(value: unknown): readonly ContactRow[] {
  return list(fieldsOf(value).contacts).map((contact) => ({
    id: text(contact.id),
    name: text(contact.name),
    muted: contact.muted === true,
  }));
}

export function readRequests(value: unknown): readonly RequestRow[] {
  return list(fieldsOf(value).requests).map((request) => ({
    from: text(request.from),
    name: text(request.from_name),
    text: text(request.text),
    timestamp: count(request.timestamp),
    conflict: text(request.name_conflict),
  }));
}

/** Why the daemon did not do it, and what to do next. */
export function readTrouble(value: unknown): string {
  const { message, fix } = fieldsOf(fieldsOf(value).error);
  return [text(message), text(fix)].filter((part) => part !== "").join("; ");
}
