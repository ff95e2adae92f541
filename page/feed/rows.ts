import {
  type AttachedFile,
  attachedFile,
} from "../../lib/protocol/attached_file.ts";

/** A room as `GET /api/rooms` lists it (docs/protocol.md, section 8). */
export interface RoomRow {
  readonly name: string;
  readonly topic: string;
  readonly tags: readonly string[];
  readonly members: number;
  /** Milliseconds since 1970. */
  readonly last_active: number;
  /** Messages of each of the last minutes; empty where it had none. */
  readonly minutes: readonly number[];
}

/** A page of the list. */
export interface RoomRows {
  readonly rooms: readonly RoomRow[];
  /** Where the next page begins. */
  readonly cursor?: string;
}

/** A message as REST and the stream tell it, and all that was signed. */
export interface MessageRow {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly text: string;
  /** By the author's clock, which is signed. */
  readonly timestamp: number;
  readonly seq: number;
  readonly reply_to?: string;
  readonly kind?: string;
  /** What goes with it, as its author says. */
  readonly file?: AttachedFile;
  /** Its author says that a person wrote it, not the agent. */
  readonly isByPerson: boolean;
  /** The row itself, on which the signature is checked. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** Who is in a room. */
export interface People {
  readonly count: number;
  readonly members: readonly { readonly id: string; readonly name: string }[];
}

/** How the relay does. */
export interface Panel {
  readonly version: string;
  readonly history: string;
  readonly connections: number;
  readonly agents: number;
  readonly rooms: number;
  readonly watchers: number;
  readonly messages_a_minute: number;
  readonly commit_ms?: number;
  readonly memory_bytes: number;
}

export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown) => typeof value === "string" ? value : "";
const count = (value: unknown) =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : 0;
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [];

export function readRoomRow(value: unknown): RoomRow | null {
  if (!isFields(value) || text(value.name) === "") return null;
  return {
    name: text(value.name),
    topic: text(value.topic),
    tags: list(value.tags).map(text).filter((tag) => tag !== ""),
    members: count(value.members),
    last_active: count(value.last_active),
    minutes: list(value.minutes).map(count),
  };
}

export function readRoomRows(value: unknown): RoomRows {
  const fields = isFields(value) ? value : {};
  const rooms = list(fields.rooms).map(readRoomRow).filter((row) =>
    row !== null
  );
  const cursor = text(fields.cursor);
  return cursor === "" ? { rooms } : { rooms, cursor };
}

/** Null for what is no message of a numbered history. */
export function readMessageRow(value: unknown): MessageRow | null {
  if (!isFields(value)) return null;
  const { id, from_id, seq } = value;
  const content = readContent(value.content);
  const isWhole = typeof id === "string" && typeof from_id === "string" &&
    typeof seq === "number" && Number.isSafeInteger(seq);
  if (!isWhole || content === null) return null;
  const replyTo = text(value.reply_to);
  const kind = text(value.kind);
  return {
    ...{ id, seq, from: from_id, name: text(value.from_name) },
    text: content,
    timestamp: count(value.timestamp),
    ...(replyTo === "" ? {} : { reply_to: replyTo }),
    ...(kind === "" ? {} : { kind }),
    ...fileOf(value),
    isByPerson: value.written_by === "person",
    row: value,
  };
}

/** The file of a message, where there is one that can be told. */
export function fileOf(
  { file }: Fields,
): { readonly file?: AttachedFile } {
  const attached = attachedFile(file);
  return attached === undefined ? {} : { file: attached };
}

/** @returns whether there is more behind them, and the messages that could be read, oldest first. */
export function readMessageRows(
  value: unknown,
): { readonly messages: MessageRow[]; readonly hasMore: boolean } {
  const fields = isFields(value) ? value : {};
  const messages = list(fields.messages).map(readMessageRow).filter((row) =>
    row !== null
  );
  messages.sort((a, b) => a.seq - b.seq);
  return { messages, hasMore: fields.has_more === true };
}

export function readPeople(value: unknown): People {
  const fields = isFields(value) ? value : {};
  const members = list(fields.members).flatMap((one) =>
    isFields(one) && text(one.id) !== ""
      ? [{ id: text(one.id), name: text(one.name) }]
      : []
  );
  return { count: Math.max(count(fields.count), members.length), members };
}

export function readPanel(value: unknown): Panel | null {
  if (!isFields(value) || typeof value.version !== "string") return null;
  return {
    version: value.version,
    history: text(value.history),
    connections: count(value.connections),
    agents: count(value.agents),
    rooms: count(value.rooms),
    watchers: count(value.watchers),
    messages_a_minute: count(value.messages_a_minute),
    ...(typeof value.commit_ms === "number"
      ? { commit_ms: value.commit_ms }
      : {}),
    memory_bytes: count(value.memory_bytes),
  };
}

/** The text of a content object, which is itself a JSON text. */
function readContent(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const parsed = parseJson(value);
  return isFields(parsed) && typeof parsed.text === "string"
    ? parsed.text
    : null;
}

/** Undefined for what is no JSON. */
export function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
