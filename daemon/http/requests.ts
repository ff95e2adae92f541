import * as v from "valibot";
import { Failure } from "../../lib/errors.ts";
import type * as api from "../../lib/local_api/types.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { parseRoomName } from "../../lib/protocol/names.ts";

/** Bounds of the local API's inputs; what a text may hold is the session's to say. */
const MOST = {
  ...{ page: 500, waitMs: 600_000, words: 512, tags: 100, gaps: 500 },
} as const;

const cursor = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const shortText = v.pipe(v.string(), v.maxLength(MOST.words));
const tags = v.pipe(v.array(shortText), v.maxLength(MOST.tags));
const messageId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(WIRE.messageId),
);

const CREATE = v.object({
  room: v.string(),
  topic: v.optional(v.pipe(v.string(), v.maxLength(WIRE.topic * 2))),
  // Go writes null for an empty list.
  tags: v.nullish(tags),
});
const ROOM = v.object({ room: v.string() });
const SEND = v.object({
  room: v.string(),
  text: v.string(),
  id: v.optional(messageId),
  reply_to: v.optional(messageId),
  force: v.optional(v.boolean()),
});
const AGENT = v.object({ agent: shortText });
const PIN = v.object({ agent: shortText, name: shortText });
const GAP = v.object({
  room: v.pipe(v.string(), v.maxLength(WIRE.roomName)),
  count: v.optional(cursor),
  after: cursor,
  before: cursor,
});
const READ = v.pipe(
  v.object({
    cursor: v.optional(cursor),
    room: v.optional(v.string()),
    cursors: v.optional(v.pipe(v.array(cursor), v.maxLength(MOST.page))),
    gaps: v.optional(v.pipe(v.array(GAP), v.maxLength(MOST.gaps))),
  }),
  v.check(
    ({ cursor, cursors, gaps }) =>
      cursor !== undefined || cursors !== undefined || gaps !== undefined,
    "neither cursor nor cursors nor gaps is there",
  ),
);

const count = (most: number) =>
  v.optional(v.pipe(
    v.string(),
    v.regex(/^\d{1,16}$/, "it is not a whole number"),
    v.transform(Number),
    v.maxValue(most),
  ));
const pageSize = (most: number) => {
  const size = count(most);
  return v.pipe(
    size,
    v.check((value) => value !== 0, "it is 0"),
  );
};
const flag = v.optional(v.pipe(
  v.picklist(["true", "1", "false", "0"]),
  v.transform((text) => text === "true" || text === "1"),
));
const word = v.optional(shortText);

const ROOMS_QUERY = v.object({
  q: word,
  tags: v.optional(tags),
  match: v.optional(v.picklist(["any", "all"])),
  sort: v.optional(v.picklist(["active", "agents"])),
  limit: pageSize(WIRE.roomsPage),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(2048))),
});
const MESSAGES_QUERY = v.object({
  room: v.optional(v.string()),
  limit: pageSize(MOST.page),
  after: count(Number.MAX_SAFE_INTEGER),
  all: flag,
  from: word,
  mention: flag,
  wait_ms: count(MOST.waitMs),
});
const HISTORY_QUERY = v.object({
  room: v.string(),
  limit: pageSize(MOST.page),
  before_seq: count(Number.MAX_SAFE_INTEGER),
});
const SENT_QUERY = v.object({ limit: pageSize(MOST.page) });
const SEARCH_QUERY = v.object({
  words: v.pipe(v.string(), v.minLength(1), v.maxLength(MOST.words)),
  room: v.optional(v.string()),
  limit: pageSize(MOST.page),
});
const MESSAGE_QUERY = v.object({ id: messageId, from: word });

/** The lists among the parameters of queries: these may stand several times. */
const LISTS: ReadonlySet<string> = new Set(["tags"]);
const DEFAULT_PAGE = 50;

export function createRequest(body: unknown): api.CreateRequest {
  const { tags, ...rest } = withRoom(read(CREATE, body));
  return dropUndefined({ ...rest, ...(tags ? { tags } : {}) });
}

export function roomRequest(body: unknown): api.RoomRequest {
  return withRoom(read(ROOM, body));
}

export function sendRequest(body: unknown): api.SendRequest {
  return dropUndefined(withRoom(read(SEND, body)));
}

export function readRequest(body: unknown): api.ReadRequest {
  const { gaps, ...marks } = read(READ, body);
  const shown = gaps === undefined ? {} : { gaps: gaps.map(dropUndefined) };
  return { ...withRoom(dropUndefined(marks)), ...shown };
}

export function agentRequest(body: unknown): api.AgentRequest {
  return read(AGENT, body);
}

export function pinRequest(body: unknown): api.PinRequest {
  return read(PIN, body);
}

export function roomsQuery(query: URLSearchParams): api.RoomsQuery {
  return dropUndefined(read(ROOMS_QUERY, paramsOf(query)));
}

export function messagesQuery(query: URLSearchParams): api.MessagesQuery {
  return withRoom(dropUndefined(read(MESSAGES_QUERY, paramsOf(query))));
}

export function historyQuery(
  query: URLSearchParams,
): { room: string; limit: number; before_seq?: number } {
  const { limit = DEFAULT_PAGE, ...rest } = read(
    HISTORY_QUERY,
    paramsOf(query),
  );
  return withRoom({ ...dropUndefined(rest), limit });
}

export function roomQuery(query: URLSearchParams): api.RoomRequest {
  return withRoom(read(ROOM, paramsOf(query)));
}

export function messageQuery(query: URLSearchParams): api.MessageQuery {
  return dropUndefined(read(MESSAGE_QUERY, paramsOf(query)));
}

export function sentQuery(query: URLSearchParams): number {
  return read(SENT_QUERY, paramsOf(query)).limit ?? DEFAULT_PAGE;
}

export function searchQuery(
  query: URLSearchParams,
): { words: string; room?: string; limit: number } {
  const { limit = DEFAULT_PAGE, ...rest } = read(SEARCH_QUERY, paramsOf(query));
  return withRoom({ ...dropUndefined(rest), limit });
}

/** Reads a value of a shape; fields that the shape doesn't have are left out. */
function read<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const reason = `${path === null ? "" : `${path}: `}${
    issue.message.slice(0, 200)
  }`;
  throw new Failure("REQUEST_INVALID", { fields: { reason } });
}

function paramsOf(query: URLSearchParams): Record<string, unknown> {
  const params: Record<string, unknown> = Object.create(null);
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (values.length > 1 && !LISTS.has(name)) {
      const reason = `${name.slice(0, 64)} stands there more than once`;
      throw new Failure("REQUEST_INVALID", { fields: { reason } });
    }
    params[name] = LISTS.has(name) ? values : values[0];
  }
  return { ...params };
}

/** The value with its room's name lowered and checked, where it names one. */
function withRoom<Value extends { readonly room?: string }>(
  value: Value,
): Value {
  if (value.room === undefined) return value;
  const room = parseRoomName(value.room);
  if (room !== null) return { ...value, room };
  throw new Failure("ROOM_NAME_INVALID", {
    fields: { room: value.room.slice(0, 80) },
  });
}

type Defined<Value> =
  & {
    [Key in keyof Value as undefined extends Value[Key] ? never : Key]:
      Value[Key];
  }
  & {
    [Key in keyof Value as undefined extends Value[Key] ? Key : never]?:
      Exclude<
        Value[Key],
        undefined
      >;
  };

function dropUndefined<Value extends object>(value: Value): Defined<Value> {
  const kept = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(kept) as Defined<Value>;
}
