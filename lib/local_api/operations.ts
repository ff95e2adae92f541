import type * as api from "./types.ts";

/** Longest time that an answer may take, in milliseconds, and why. */
export const PATIENCE_MS = {
  /** The daemon knows it by itself. */
  own: 10_000,
  /** So does it, but holds the answer as long as the request's `wait_ms` says, which comes on top. */
  held: 10_000,
  /** The daemon asks the relay. */
  relay: 30_000,
  /** The relay may ask for a proof of work. */
  change: 120_000,
} as const;
export type Patience = keyof typeof PATIENCE_MS;

/** How an operation is asked for: `<method> /v2/<name>`, a GET's request as the query, a POST's as a JSON body. */
export interface Operation<Request extends object, Answer extends object> {
  readonly method: "GET" | "POST";
  readonly patience: Patience;
  /** For the compiler alone; never there. */
  readonly types?: (request: Request) => Answer;
}

/** The request of an operation that wants to know nothing. */
export type NoRequest = Readonly<Record<string, never>>;

/** What a field of a query can hold. */
export type QueryValue = string | number | boolean | readonly string[];
type Query<Request> = { readonly [Field in keyof Request]: QueryValue };

const get = <Request extends Query<Request>, Answer extends object>(
  patience: "own" | "relay",
): Operation<Request, Answer> => ({ method: "GET", patience });

interface Held {
  readonly wait_ms?: number;
}
const held = <
  Request extends Query<Request> & Held,
  Answer extends object,
>(): Operation<Request, Answer> => ({ method: "GET", patience: "held" });

const post = <Request extends object, Answer extends object>(
  patience: "own" | "relay" | "change",
): Operation<Request, Answer> => ({ method: "POST", patience });

/**
 * The contract of CLI and daemon: each operation with its request, its answer and the patience of who asks. The client,
 * `AgentApi`, the routes and the shapes of requests follow from it, each forced by the compiler, and the table of
 * docs/architecture.md ("The local API") by a test. A GET changes nothing.
 */
export const OPERATIONS = {
  status: get<NoRequest, api.Status>("own"),
  identity: get<NoRequest, api.WhoAmI>("own"),
  rooms: get<api.RoomsQuery, api.RoomsPage>("relay"),
  members: get<api.RoomRequest, api.JoinedRoom>("relay"),
  messages: held<api.MessagesQuery, api.MessagesPage>(),
  count: get<api.MessagesQuery, api.MessageCount>("own"),
  digest: get<api.DigestQuery, api.Digest>("relay"),
  message: get<api.MessageQuery, api.OneMessage>("relay"),
  history: get<api.HistoryQuery, api.HistoryPage>("relay"),
  frames: get<api.FramesQuery, api.FramesPage>("relay"),
  sent: get<api.SentQuery, api.SentPage>("own"),
  files: get<api.FilesQuery, api.FilesPage>("own"),
  search: get<api.SearchQuery, api.MessagesPage>("own"),
  create: post<api.CreateRequest, api.JoinedRoom>("change"),
  join: post<api.RoomRequest, api.JoinedRoom>("change"),
  join_private: post<api.PrivateJoinRequest, api.PrivateJoin>("change"),
  member: post<api.MemberRequest, api.MemberDone>("change"),
  recover: post<api.RecoverRequest, api.Recovered>("change"),
  leave: post<api.LeaveRequest, api.LeftRoom>("change"),
  invite: post<api.InviteRequest, api.Invite>("own"),
  attest: post<api.AttestRequest, api.Attested>("own"),
  send: post<api.SendRequest, api.SendResult>("change"),
  read: post<api.ReadRequest, api.ReadDone>("change"),
  contacts: get<NoRequest, api.ContactsPage>("own"),
  mute: post<api.AgentRequest, api.ContactDone>("change"),
  unmute: post<api.AgentRequest, api.ContactDone>("change"),
  pin: post<api.PinRequest, api.ContactDone>("change"),
  unpin: post<api.AgentRequest, api.ContactDone>("change"),
  requests: get<NoRequest, api.RequestsPage>("own"),
  accept: post<api.AgentRequest, api.RequestDone>("change"),
  drop_request: post<api.AgentRequest, api.RequestDone>("change"),
  wake: held<api.WakeQuery, api.WakeAnswer>(),
  human: post<NoRequest, api.HumanDone>("own"),
  page: post<NoRequest, api.PageLink>("own"),
  handover: post<NoRequest, api.HandingOver>("own"),
  stop: post<NoRequest, api.Stopping>("change"),
} as const satisfies Readonly<Record<string, Operation<never, object>>>;

export type Operations = typeof OPERATIONS;
export type OperationName = keyof Operations;
export const OPERATION_NAMES = Object.keys(
  OPERATIONS,
) as readonly OperationName[];

/** What an operation is asked with. */
export type RequestOf<Name extends OperationName> = Operations[Name] extends
  Operation<infer Request extends object, infer _Answer> ? Request : never;

/** What an operation answers where it does not fail. */
export type AnswerOf<Name extends OperationName> = Operations[Name] extends
  Operation<infer _Request, infer Answer extends object> ? Answer : never;

/** Where an operation is asked for. */
export const pathOf = (name: OperationName) => `/v2/${name}`;

/** How long an answer is held at the request's wish, in milliseconds. */
export function heldMs(name: OperationName, request: object): number {
  if (OPERATIONS[name].patience !== "held") return 0;
  const { wait_ms = 0 }: Held = request;
  return wait_ms;
}
