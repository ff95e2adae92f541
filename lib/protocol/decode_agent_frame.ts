import * as v from "valibot";
import {
  type Decoded,
  type DecodeFault,
  FIRST_ISSUE,
  invalid,
  parseObject,
} from "./decode.ts";
import { type AgentFrame, type RawObject, RELAY_FIELDS } from "./frames.ts";
import { MARKS } from "./marks_frames.ts";
import { WAKEABLE } from "./presence_frames.ts";
import { DIRECT, WIRE } from "./limits.ts";
import { isMessageId, MESSAGE_ID_RULE } from "./message_id.ts";
import { KIND_FORM } from "./message_kind.ts";
import {
  codePoints,
  isRoomName,
  normalizeTags,
  parseRoomName,
  type RoomName,
} from "./names.ts";

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

const SCHEMAS = {
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

/** Every field name of section 3 and 4: Go's decoder would take any of them in another case for the real one. */
const FIELD_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(SCHEMAS).flatMap((schema) => Object.keys(schema.entries)),
  ...["id", "name", "version", "challenge", "proof", "text"],
  ...RELAY_FIELDS,
]);
/** They stand last in each schema: a fault in them is the first one only where there is no other. */
const SIGNING_FIELDS: readonly unknown[] = ["nonce", "timestamp", "signature"];
const AGENT_TYPES: readonly string[] = Object.keys(SCHEMAS);
/** What an agent sends before it is logged in (protocol.md section 3). */
export const HANDSHAKE_TYPES: readonly string[] = ["hello", "hello.pow"];
const SCAN = { wholeNumbers: true, values: WIRE.agentValues };

/**
 * Reads a frame that an agent sent, up to its signature: scan, parse, shape and names (protocol.md section 6,
 * order of checks). Total: never throws, whatever the text.
 *
 * @param frameText a text frame of at most 65,536 bytes; the socket has bounded it.
 * @param expected the types that may come now; another is as good as unknown, whatever its shape.
 */
export function decodeAgentFrame(
  frameText: string,
  expected: readonly string[] = AGENT_TYPES,
): Decoded<AgentFrame> {
  const parsed = parseObject(frameText, SCAN);
  if (!parsed.ok) return parsed;
  const { raw } = parsed;
  const ref = refOf(raw);
  if (typeof raw.type !== "string") return invalid("a frame has a type", ref);
  if (!Object.hasOwn(SCHEMAS, raw.type) || !expected.includes(raw.type)) {
    return unknownType(ref);
  }
  const misnamed = misnamedKey(raw);
  if (misnamed !== null) return invalid(misnamed, ref);
  const result = v.safeParse(
    SCHEMAS[raw.type as keyof typeof SCHEMAS],
    raw,
    FIRST_ISSUE,
  );
  if (!result.success) {
    return { ok: false, fault: shapeFault(result.issues[0], ref) };
  }
  return { ok: true, frame: result.output, raw };
}

function unknownType(ref: string | undefined): Decoded<never> {
  const fault: DecodeFault = {
    code: "UNKNOWN_TYPE",
    message: "no such frame type",
  };
  return { ok: false, fault: ref === undefined ? fault : { ...fault, ref } };
}

/** A missing or malformed nonce, timestamp or signature is AUTH_FAILED, as from a Go relay; all else INVALID_MESSAGE. */
function shapeFault(
  issue: v.BaseIssue<unknown>,
  ref: string | undefined,
): DecodeFault {
  const isSigning = SIGNING_FIELDS.includes(issue.path?.[0]?.key);
  return {
    code: isSigning ? "AUTH_FAILED" : "INVALID_MESSAGE",
    message: `${v.getDotPath(issue) ?? ""}: ${
      issue.type === "check" || issue.type === "custom" ||
        issue.type === "min_length"
        ? issue.message
        : "missing, malformed or too long"
    }`,
    ...(ref === undefined ? {} : { ref }),
  };
}

/** What a frame is called in the error that answers it: its id, else its nonce (protocol.md section 7). */
export function refOf(raw: RawObject): string | undefined {
  for (const value of [raw.id, raw.nonce]) {
    if (
      typeof value === "string" && value.length > 0 &&
      value.length <= WIRE.messageId
    ) return value;
  }
  return undefined;
}

/** Finds a key that only a case-folding decoder would take for a field, or one that only a relay may add. */
function misnamedKey(raw: RawObject): string | null {
  for (const level of [raw, raw.profile, raw.pow, raw.content]) {
    if (typeof level !== "object" || level === null) continue;
    for (const key of Object.keys(level)) {
      if (!FIELD_NAMES.has(key) && FIELD_NAMES.has(foldKey(key))) {
        return "a key in another case";
      }
    }
  }
  const reserved = RELAY_FIELDS.find((field) => Object.hasOwn(raw, field));
  return reserved === undefined ? null : `${reserved} is the relay's to add`;
}

/** Go folds two letters beyond ASCII onto ASCII ones: U+017F onto s and U+212A onto k. */
function foldKey(key: string): string {
  return key.toLowerCase().replaceAll("\u017f", "s").replaceAll("\u212a", "k");
}
