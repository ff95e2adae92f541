import * as v from "valibot";
import type { RawObject, RelayFrame } from "./frames.ts";
import { MARKS, RECEIPT_WANTED } from "./marks_frames.ts";
import { WAKEABLE } from "./presence_frames.ts";
import { WIRE } from "./limits.ts";
import { messageKind } from "./message_kind.ts";
import { attachedFile } from "./attached_file.ts";
import { writerOf } from "./written_by.ts";
import { isRoomName, type RoomName } from "./names.ts";

const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const orEmpty = v.nullish(v.string(), "");
/** Absent, null and [] mean the same for a list: Go sends null (protocol.md section 1). */
const list = <T extends v.GenericSchema>(item: T) =>
  v.nullish(v.array(item), []);
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const room = v.custom<RoomName>(isRoomName);
const name = text(1024);
const member = v.object({
  id: text(64),
  name,
  joined_at: v.nullish(wholeNumber, 0),
});
const memberRef = v.object({ id: text(64), name });
const roomSummary = v.object({
  name: room,
  topic: orEmpty,
  tags: list(text(256)),
  agents: v.nullish(wholeNumber, 0),
  last_active: v.nullish(wholeNumber, 0),
});
const presence = v.object({
  id: text(64),
  connected: v.boolean(),
  last_heard: wholeNumber,
  wakeable: v.exactOptional(v.picklist(WAKEABLE)),
  woken_at: v.exactOptional(wholeNumber),
});
const stamp = {
  from_name: v.exactOptional(name),
  seq: v.exactOptional(wholeNumber),
  received_at: v.exactOptional(wholeNumber),
};

const message = v.object({
  type: v.literal("message"),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(WIRE.messageId)),
  room,
  from: text(64),
  content: v.object({ type: v.literal("text"), text: v.string() }),
  timestamp: wholeNumber,
  nonce: orEmpty,
  signature: orEmpty,
  reply_to: v.exactOptional(text(WIRE.messageId)),
  // What can't be read says nothing of the text beside it, which is not to be lost for that.
  kind: v.exactOptional(v.pipe(v.unknown(), v.transform(messageKind))),
  receipt: v.exactOptional(
    v.pipe(
      v.unknown(),
      v.transform((one) => one === RECEIPT_WANTED ? one : undefined),
    ),
  ),
  written_by: v.exactOptional(v.pipe(v.unknown(), v.transform(writerOf))),
  file: v.exactOptional(v.pipe(v.unknown(), v.transform(attachedFile))),
  ...stamp,
});

/** The shape of each frame that a relay sends. */
export const RELAY_FRAME_SHAPES = {
  "pow.challenge": v.object({
    type: v.literal("pow.challenge"),
    challenge: v.pipe(v.string(), v.minLength(1), v.maxLength(WIRE.challenge)),
    difficulty: v.pipe(wholeNumber, v.maxValue(256)),
    expires: v.nullish(wholeNumber, 0),
  }),
  "welcome": v.object({
    type: v.literal("welcome"),
    relay: v.nullish(text(WIRE.relayUrl), ""),
    features: list(text(64)),
  }),
  "pong": v.object({ type: v.literal("pong") }),
  "room.joined": v.object({
    type: v.literal("room.joined"),
    room,
    topic: orEmpty,
    tags: list(text(256)),
    members: list(member),
  }),
  "room.member_joined": v.object({
    type: v.literal("room.member_joined"),
    room,
    agent: memberRef,
  }),
  "room.member_left": v.object({
    type: v.literal("room.member_left"),
    room,
    agent: memberRef,
  }),
  "rooms.list.result": v.object({
    type: v.literal("rooms.list.result"),
    rooms: list(roomSummary),
    cursor: v.exactOptional(text(1024)),
    has_more: v.nullish(v.boolean(), false),
  }),
  "message": message,
  "direct": v.object({
    type: v.literal("direct"),
    id: v.pipe(v.string(), v.minLength(1), v.maxLength(WIRE.messageId)),
    to: text(64),
    from: text(64),
    content: v.object({ type: v.literal("text"), text: v.string() }),
    postage: v.exactOptional(text(WIRE.proof)),
    timestamp: wholeNumber,
    nonce: text(WIRE.nonce),
    signature: text(100),
    ...stamp,
  }),
  "message.ack": v.object({
    type: v.literal("message.ack"),
    id: text(WIRE.messageId),
    seq: wholeNumber,
    received_at: wholeNumber,
    others: v.exactOptional(wholeNumber),
  }),
  "marks": v.object({
    type: v.literal("marks"),
    room,
    from: text(64),
    marks: v.pipe(
      v.array(v.object({
        author: text(64),
        delivered: v.pipe(
          v.array(text(WIRE.messageId)),
          v.maxLength(MARKS.ids),
        ),
        shown: v.pipe(v.array(text(WIRE.messageId)), v.maxLength(MARKS.ids)),
      })),
      v.maxLength(MARKS.authors),
    ),
    timestamp: wholeNumber,
    nonce: text(WIRE.nonce),
    signature: text(100),
  }),
  "room.left": v.object({
    type: v.literal("room.left"),
    room,
    others: wholeNumber,
    kept_until: v.exactOptional(wholeNumber),
  }),
  "room.presence.result": v.object({
    type: v.literal("room.presence.result"),
    room,
    members: list(presence),
  }),
  "room.history.result": v.object({
    type: v.literal("room.history.result"),
    room,
    messages: v.pipe(
      list(
        v.custom<RawObject>((item) =>
          typeof item === "object" && item !== null && !Array.isArray(item)
        ),
      ),
      v.maxLength(WIRE.historyPage),
    ),
    has_more: v.nullish(v.boolean(), false),
  }),
  "room.closed": v.object({
    type: v.literal("room.closed"),
    room,
    reason: orEmpty,
  }),
  "error": v.object({
    type: v.literal("error"),
    code: text(64),
    message: orEmpty,
    retry_after_ms: v.exactOptional(wholeNumber),
    ref: v.exactOptional(text(WIRE.messageId)),
  }),
} as const satisfies {
  readonly [Type in RelayFrame["type"]]: v.GenericSchema<
    unknown,
    Extract<RelayFrame, { type: Type }>
  >;
};
