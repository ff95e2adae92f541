import {
  BATCH,
  type LogEntry,
  type Op,
  type OpBatch,
  RULES_VERSION,
} from "../core/log/op.ts";
import { DIRECT } from "../../lib/protocol/limits.ts";
import { isRoomName } from "../../lib/protocol/names.ts";
import { WAKEABLE } from "../../lib/protocol/presence_frames.ts";

/** Largest entry that is read, in bytes: the servers take none that is larger unless they are told to. */
const MOST_BYTES = 1_048_576;

type Fits = (value: unknown) => boolean;
type Shape<T> = { readonly [Field in keyof T]-?: Fits };

const text: Fits = (value) => typeof value === "string";
const count: Fits = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0;
const few = (item: Fits): Fits => (value) =>
  Array.isArray(value) && value.length <= DIRECT.acked && value.every(item);
const flag: Fits = (value) => typeof value === "boolean";
const texts: Fits = (value) => Array.isArray(value) && value.every(text);
/** A clock that is off may be anywhere; a time is a whole number all the same. */
const time: Fits = Number.isSafeInteger;

const SEAT = { conn: count, agent: text } as const;
const FRAME = { ...SEAT, nonce: text, timestamp: time } as const;
const OF_ROOM = { ...FRAME, room: isRoomName } as const;

/** The fields of each kind of op: a new one does not compile until it stands here. */
const SHAPES: {
  readonly [Kind in Op["op"]]: Omit<
    Shape<Extract<Op, { readonly op: Kind }>>,
    "op"
  >;
} = {
  login: { ...FRAME, name: text, features: texts, address: text },
  drop: SEAT,
  create: { ...OF_ROOM, topic: text, tags: texts, address: text },
  join: OF_ROOM,
  leave: OF_ROOM,
  message: { ...OF_ROOM, id: text, frame: text, text_hash: text },
  marks: { ...OF_ROOM, frame: text, to: texts },
  direct: {
    ...{ ...FRAME, to: text, id: text, frame: text, text_hash: text },
    ...{ isPaid: flag, isReceipt: flag },
  },
  direct_ack: {
    ...FRAME,
    messages: few((value) => fits(value, { from: text, id: text })),
    knows: few(text),
  },
  presence: {
    ...SEAT,
    wakeable: (value) => WAKEABLE.some((one) => one === value),
    woken_at: (value) => value === undefined || time(value),
  },
  kick: { agent: text },
  ban: { agent: text, isBanned: flag },
  close: { room: text },
  rules: { version: count },
  blob_reserve: {
    ...{ id: text, agent: text, address: text, scope: text },
    ...{ sha256: text, size: count },
    room: (value) => value === undefined || text(value),
  },
  blob_keep: { id: text },
  blob_drop: { id: text },
  tick: {
    knows: count,
    settings: text,
    checkpoint: (value) => fits(value, { ops: count, digest: text }),
  },
};

/**
 * Reads what stands at one place of the log. Any bytes go in, and the same bytes say the same to every relay of this
 * version.
 *
 * @returns null for what is no batch; a number where only rules of that later version can read it.
 */
export function parseBatch(bytes: Uint8Array): LogEntry["batch"] {
  if (bytes.length > MOST_BYTES) return null;
  const value = readJson(bytes);
  if (!fits(value, { v: count })) return null;
  const { v } = value as { readonly v: number };
  if (v > RULES_VERSION) return v;
  return fits(value, BATCH_SHAPE) ? value as OpBatch : null;
}

const BATCH_SHAPE: Shape<OpBatch> = {
  v: count,
  node: text,
  boot: count,
  n: count,
  at: time,
  ops: (value) =>
    Array.isArray(value) && value.length <= BATCH.ops && value.every(isOp),
};

function isOp(value: unknown): boolean {
  if (!fits(value, { op: text })) return false;
  const { op } = value as { readonly op: string };
  return Object.hasOwn(SHAPES, op) && fits(value, SHAPES[op as Op["op"]]);
}

/** Whether it is an object whose fields fit; those that are not named are not looked at. */
function fits(value: unknown, shape: Readonly<Record<string, Fits>>): boolean {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const field in shape) {
    if (!shape[field]?.(fields[field])) return false;
  }
  return true;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
