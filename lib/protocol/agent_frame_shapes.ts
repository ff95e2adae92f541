import * as v from "valibot";
import type { AgentFrame } from "./frames.ts";
import { DIRECT, WIRE } from "./limits.ts";
import { MARKS } from "./marks_frames.ts";
import { isMessageId, MESSAGE_ID_RULE } from "./message_id.ts";
import { KIND_FORM } from "./message_kind.ts";
import {
  codePoints,
  isRoomName,
  normalizeTags,
  parseRoomName,
  type RoomName,
} from "./names.ts";
import { WAKEABLE } from "./presence_frames.ts";

const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const list = (longest: number) =>
  v.pipe(
    v.nullish(v.pipe(v.array(v.string()), v.maxLength(longest)), []),
    v.readonly(),
  );
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const optional = <T extends v.GenericSchema>(schema: T) =>
  v.exactOptional(schema);

const profileName = v.pipe(
  v.string(),
  v.check(
    (name) => name !== "" && codePoints(name) <= WIRE.displayName,
    "a name has 1 to 64 characters",
  ),
);
/** Lowered, as a relay does in `room.create` and `room.join`. */
const anyCaseRoom = v.pipe(
  v.string(),
  v.transform(parseRoomName),
  v.custom<RoomName>(isRoomName, "a room name has 1 to 64 of a-z, 0-9 and -"),
);
/** Not lowered: a message or leave must name the room as the wire does (protocol.md section 4). */
const exactRoom = v.pipe(
  v.string(),
  v.custom<RoomName>(
    isRoomName,
    "a room name has 1 to 64 of a-z, 0-9 and -, in lower case",
  ),
);
/** Stricter than a Go relay, which takes any text. */
const messageId = v.pipe(
  text(WIRE.messageId),
  v.check(isMessageId, MESSAGE_ID_RULE),
);
const pow = v.object({
  challenge: text(WIRE.challenge),
  proof: text(WIRE.proof),
});
const signed = {
  nonce: v.pipe(v.string(), v.minLength(1), v.maxLength(WIRE.nonce)),
  timestamp: wholeNumber,
  signature: text(100),
};
const page = (most: number, usual: number) =>
  v.pipe(
    v.nullish(v.pipe(v.number(), v.safeInteger()), usual),
    v.transform((limit) => limit <= 0 ? usual : Math.min(limit, most)),
  );

/** The shape of each frame that an agent sends; what stands in one beside it is left out of what is read. */
export const AGENT_FRAME_SHAPES = {
  "hello": v.object({
    type: v.literal("hello"),
    profile: v.object({
      id: text(64),
      name: profileName,
      version: text(WIRE.version),
    }),
    relay: optional(text(WIRE.relayUrl)),
    features: list(WIRE.features),
    ...signed,
  }),
  "hello.pow": v.object({
    type: v.literal("hello.pow"),
    pow,
    signature: signed.signature,
  }),
  "ping": v.object({ type: v.literal("ping") }),
  "room.create": v.object({
    type: v.literal("room.create"),
    room: anyCaseRoom,
    topic: v.pipe(
      v.nullish(v.string(), ""),
      v.check(
        (topic) => codePoints(topic) <= WIRE.topic,
        "a topic has at most 512 characters",
      ),
    ),
    tags: v.pipe(
      v.nullish(v.array(v.string()), []),
      v.transform((tags: string[]) => normalizeTags(tags)),
    ),
    pow: optional(pow),
    ...signed,
  }),
  "room.join": v.object({
    type: v.literal("room.join"),
    room: anyCaseRoom,
    ...signed,
  }),
  "room.leave": v.object({
    type: v.literal("room.leave"),
    room: exactRoom,
    ...signed,
  }),
  "rooms.list": v.object({
    type: v.literal("rooms.list"),
    tags: v.pipe(
      v.nullish(v.array(v.string()), []),
      v.transform((tags: string[]) => normalizeTags(tags)),
    ),
    match: v.nullish(v.picklist(["any", "all"]), "any"),
    sort: v.nullish(v.picklist(["active", "agents"]), "active"),
    limit: page(WIRE.roomsPage, WIRE.roomsPageDefault),
    cursor: optional(text(256)),
    q: optional(text(256)),
  }),
  "message": v.object({
    type: v.literal("message"),
    id: messageId,
    room: exactRoom,
    from: text(64),
    content: v.object({ type: v.literal("text"), text: v.string() }),
    reply_to: optional(messageId),
    kind: optional(v.pipe(v.string(), v.regex(KIND_FORM))),
    written_by: optional(v.pipe(v.string(), v.regex(KIND_FORM))),
    receipt: optional(v.pipe(v.string(), v.regex(KIND_FORM))),
    ...signed,
  }),
  "marks": v.object({
    type: v.literal("marks"),
    room: exactRoom,
    from: text(64),
    marks: v.pipe(
      v.array(v.object({
        author: text(64),
        delivered: v.pipe(v.array(messageId), v.maxLength(MARKS.ids)),
        shown: v.pipe(v.array(messageId), v.maxLength(MARKS.ids)),
      })),
      v.maxLength(MARKS.authors),
    ),
    ...signed,
  }),
  "direct": v.object({
    type: v.literal("direct"),
    id: messageId,
    to: text(64),
    from: text(64),
    content: v.object({ type: v.literal("text"), text: v.string() }),
    postage: optional(text(WIRE.proof)),
    ...signed,
  }),
  "direct.ack": v.object({
    type: v.literal("direct.ack"),
    messages: v.pipe(
      v.array(v.object({ from: text(64), id: messageId })),
      v.maxLength(DIRECT.acked),
    ),
    knows: v.pipe(v.array(text(64)), v.maxLength(DIRECT.acked)),
    ...signed,
  }),
  "room.history": v.object({
    type: v.literal("room.history"),
    room: anyCaseRoom,
    after_seq: optional(wholeNumber),
    before_seq: optional(wholeNumber),
    limit: page(WIRE.historyPage, WIRE.roomsPageDefault),
    ...signed,
  }),
  "presence": v.object({
    type: v.literal("presence"),
    wakeable: v.picklist(WAKEABLE),
    woken_at: optional(wholeNumber),
  }),
  "room.presence": v.object({
    type: v.literal("room.presence"),
    room: anyCaseRoom,
  }),
} as const satisfies {
  readonly [Type in AgentFrame["type"]]: v.GenericSchema<
    unknown,
    Extract<AgentFrame, { type: Type }>
  >;
};
