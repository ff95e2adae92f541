import * as v from "valibot";
import { checkText } from "../../lib/conversation/text_check.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  OperationName,
  RequestOf,
} from "../../lib/local_api/operations.ts";
import { INVITE_TERM } from "../../lib/invites/invite_term.ts";
import { WAKE_POLICIES } from "../../lib/local_api/wake_policy.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { WRITERS } from "../../lib/protocol/written_by.ts";
import { MESSAGE_KINDS } from "../../lib/protocol/message_kind.ts";
import { isLocalRoom, parseLocalRoom } from "../../lib/protocol/direct_room.ts";
import { parseRoomName, type RoomName } from "../../lib/protocol/names.ts";

/** Bounds of the local API's inputs, beside those of the wire. */
const MOST = {
  ...{ page: 500, waitMs: 600_000, words: 512, tags: 100, gaps: 500 },
  ...{ skip: 1_000_000, history: 1_000, historySkip: 2_000 },
} as const;
const DEFAULT_PAGE = "50";

const cursor = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const shortText = v.pipe(v.string(), v.maxLength(MOST.words));
const tags = v.pipe(v.array(shortText), v.maxLength(MOST.tags));
const messageId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(WIRE.messageId),
);
const room = v.pipe(v.string(), v.transform(roomNamed));
/** Or the talk with one agent. */
const anyRoom = v.pipe(v.string(), v.transform(localRoomNamed));
const text = v.pipe(v.string(), v.transform((raw) => checkText(raw)));
const agent = { agent: shortText };
const localRoom = v.custom<RoomName>(isLocalRoom, "it is no room's name");
const sealed = v.object({ room: localRoom, count: cursor, upto: cursor });
const gap = v.object({
  room: localRoom,
  count: v.exactOptional(cursor),
  after: cursor,
  before: cursor,
  removed: v.exactOptional(v.literal(true)),
});

/** A number as a query writes it. */
const whole = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/, "it is not a whole number"),
    v.transform(Number),
    v.maxValue(most),
  );
const pageSize = (most: number) =>
  v.pipe(whole(most), v.check((size) => size !== 0, "it is 0"));
const page = v.optional(pageSize(MOST.page), DEFAULT_PAGE);
const flag = v.pipe(
  v.picklist(["true", "1", "false", "0"]),
  v.transform((text) => text === "true" || text === "1"),
);

const NOTHING = v.object({});
const ROOM = v.object({ room });
const AGENT = v.object(agent);
const MESSAGES = v.object({
  room: v.exactOptional(anyRoom),
  limit: v.exactOptional(pageSize(MOST.page)),
  after: v.exactOptional(whole(Number.MAX_SAFE_INTEGER)),
  all: v.exactOptional(flag),
  from: v.exactOptional(shortText),
  mention: v.exactOptional(flag),
  last: v.exactOptional(pageSize(MOST.page)),
  skip: v.exactOptional(whole(MOST.skip)),
  again: v.exactOptional(flag),
  wait_ms: v.exactOptional(whole(MOST.waitMs)),
  background: v.exactOptional(flag),
});

/** What reads a request: it gives the whole of it, and has a field for each of its fields. */
export type Shape<Request> = v.GenericSchema<unknown, Request> & {
  readonly entries: { readonly [Field in keyof Request]-?: v.GenericSchema };
};
export type Shapes = {
  readonly [Name in OperationName]: Shape<RequestOf<Name>>;
};

/**
 * The shape of each operation's request, with its bounds. Names of rooms and texts are checked here, once; one that is
 * none throws a `Failure` of its own. They stand apart from the contract so that no command loads valibot.
 */
export const SHAPES = {
  status: NOTHING,
  identity: NOTHING,
  rooms: v.object({
    q: v.exactOptional(shortText),
    tags: v.exactOptional(tags),
    match: v.exactOptional(v.picklist(["any", "all"])),
    sort: v.exactOptional(v.picklist(["active", "agents"])),
    limit: v.exactOptional(pageSize(WIRE.roomsPage)),
    cursor: v.exactOptional(v.pipe(v.string(), v.maxLength(2048))),
  }),
  members: v.object({ room: anyRoom }),
  messages: MESSAGES,
  count: MESSAGES,
  digest: v.object({
    room: v.exactOptional(anyRoom),
    after: v.exactOptional(whole(Number.MAX_SAFE_INTEGER)),
    all: v.exactOptional(flag),
    from: v.exactOptional(shortText),
    mention: v.exactOptional(flag),
    history: v.exactOptional(pageSize(MOST.history)),
  }),
  message: v.object({
    id: messageId,
    from: v.exactOptional(shortText),
    room: v.exactOptional(anyRoom),
  }),
  history: v.object({
    room: anyRoom,
    limit: v.optional(pageSize(MOST.history), DEFAULT_PAGE),
    skip: v.exactOptional(whole(MOST.historySkip)),
    before_seq: v.exactOptional(whole(Number.MAX_SAFE_INTEGER)),
    before: v.exactOptional(whole(Number.MAX_SAFE_INTEGER)),
  }),
  frames: v.object({
    room: anyRoom,
    before_seq: v.exactOptional(whole(Number.MAX_SAFE_INTEGER)),
    before: v.exactOptional(whole(Number.MAX_SAFE_INTEGER)),
  }),
  attest: v.object({
    chain: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  sent: v.object({ limit: page }),
  files: v.object({ room: anyRoom, limit: page }),
  search: v.object({
    words: v.pipe(v.string(), v.minLength(1), v.maxLength(MOST.words)),
    room: v.exactOptional(anyRoom),
    limit: page,
  }),
  create: v.pipe(
    v.object({
      room,
      topic: v.exactOptional(
        v.pipe(v.string(), v.maxLength(WIRE.topic * 2)),
      ),
      tags: v.exactOptional(v.nullable(tags)),
      private: v.exactOptional(v.boolean()),
      history: v.exactOptional(v.picklist(["all", "join"])),
    }),
    // Go writes null for an empty list.
    v.transform(({ tags, ...plan }) => tags ? { ...plan, tags } : plan),
  ),
  join: ROOM,
  join_private: v.object({ invite: v.pipe(v.string(), v.maxLength(2_000)) }),
  member: v.object({
    ...{ ...agent, room },
    change: v.picklist(["add", "remove", "admin"]),
  }),
  recover: v.object({ wire: v.exactOptional(shortText) }),
  leave: v.object({ room, force: v.exactOptional(v.boolean()) }),
  invite: v.object({
    room,
    for_ms: v.pipe(
      v.number(),
      v.safeInteger(),
      v.minValue(INVITE_TERM.leastMs),
      v.maxValue(INVITE_TERM.mostMs),
    ),
    uses: v.exactOptional(
      v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000)),
    ),
  }),
  send: v.object({
    room: anyRoom,
    text,
    id: v.exactOptional(messageId),
    reply_to: v.exactOptional(messageId),
    kind: v.exactOptional(v.picklist(MESSAGE_KINDS)),
    receipt: v.exactOptional(v.boolean()),
    attach: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
    written_by: v.exactOptional(v.picklist(WRITERS)),
    force: v.exactOptional(v.boolean()),
  }),
  read: v.pipe(
    v.object({
      cursor: v.exactOptional(cursor),
      room: v.exactOptional(anyRoom),
      cursors: v.exactOptional(
        v.pipe(v.array(cursor), v.maxLength(MOST.page)),
      ),
      shown: v.exactOptional(
        v.pipe(v.array(cursor), v.maxLength(MOST.page)),
      ),
      gaps: v.exactOptional(v.pipe(v.array(gap), v.maxLength(MOST.gaps))),
      sealed: v.exactOptional(
        v.pipe(v.array(sealed), v.maxLength(MOST.gaps)),
      ),
    }),
    v.check(
      ({ cursor, cursors, gaps, sealed }) =>
        [cursor, cursors, gaps, sealed].some((one) => one !== undefined),
      "neither cursor nor cursors nor gaps nor sealed is there",
    ),
  ),
  contacts: NOTHING,
  mute: AGENT,
  unmute: AGENT,
  pin: v.object({ ...agent, name: shortText }),
  unpin: AGENT,
  requests: NOTHING,
  accept: AGENT,
  drop_request: AGENT,
  wake: v.object({
    watcher: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,64}$/)),
    wake: v.exactOptional(v.picklist(WAKE_POLICIES)),
    wait_ms: v.exactOptional(whole(MOST.waitMs)),
  }),
  human: NOTHING,
  page: NOTHING,
  handover: NOTHING,
  stop: NOTHING,
} as const satisfies Shapes;

/** The query of a file that comes in. */
export const FILE_WANTED = v.object({
  room: anyRoom,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  size: whole(Number.MAX_SAFE_INTEGER),
});

/** @throws {Failure} ROOM_NAME_INVALID. */
function localRoomNamed(text: string): RoomName {
  return parseLocalRoom(text) ?? roomNamed(text);
}

/** A room's name, lowered. @throws {Failure} ROOM_NAME_INVALID. */
function roomNamed(text: string): RoomName {
  const name = parseRoomName(text);
  if (name !== null) return name;
  throw new Failure("ROOM_NAME_INVALID", {
    fields: { room: text.slice(0, 80) },
  });
}
