import type {
  AgentRequest,
  ContactDone,
  ContactsPage,
  PinRequest,
} from "./types/contacts.ts";
import type {
  Attested,
  AttestRequest,
  FramesPage,
  FramesQuery,
} from "./types/transcripts.ts";
import type {
  CreateRequest,
  JoinedRoom,
  LeaveRequest,
  LeftRoom,
  RoomRequest,
  RoomsPage,
  RoomsQuery,
} from "./types/rooms.ts";
import type { Digest, DigestQuery } from "./types/digest.ts";
import type { FilesPage, FilesQuery } from "./types/files.ts";
import type {
  HandingOver,
  PageLink,
  Stopping,
  WhoAmI,
} from "./types/daemon.ts";
import type { HistoryPage, HistoryQuery } from "./types/history.ts";
import type { HumanDone, WakeAnswer, WakeQuery } from "./types/wakes.ts";
import type { Invite, InviteRequest } from "./types/invites.ts";
import type {
  MemberDone,
  MemberRequest,
  PrivateJoin,
  PrivateJoinRequest,
  Recovered,
  RecoverRequest,
} from "./types/private_rooms.ts";
import type {
  MessageCount,
  MessageQuery,
  MessagesPage,
  MessagesQuery,
  OneMessage,
  ReadDone,
  ReadRequest,
  SearchQuery,
} from "./types/mailbox.ts";
import type { RequestDone, RequestsPage } from "./types/requests.ts";
import type {
  SendRequest,
  SendResult,
  SentPage,
  SentQuery,
} from "./types/sends.ts";
import type { Status } from "./types/status.ts";

/** Longest time that an answer may take, in milliseconds, and why. */
export const PATIENCE_MS = {
  /** The daemon knows it by itself; it may just take another's place, on a machine with other work. */
  own: 20_000,
  /** So does it, but holds the answer as long as the request's `wait_ms` says, which comes on top. */
  held: 20_000,
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
  status: get<NoRequest, Status>("own"),
  identity: get<NoRequest, WhoAmI>("own"),
  rooms: get<RoomsQuery, RoomsPage>("relay"),
  members: get<RoomRequest, JoinedRoom>("relay"),
  messages: held<MessagesQuery, MessagesPage>(),
  count: get<MessagesQuery, MessageCount>("own"),
  digest: get<DigestQuery, Digest>("relay"),
  message: get<MessageQuery, OneMessage>("relay"),
  history: get<HistoryQuery, HistoryPage>("relay"),
  frames: get<FramesQuery, FramesPage>("relay"),
  sent: get<SentQuery, SentPage>("own"),
  files: get<FilesQuery, FilesPage>("own"),
  search: get<SearchQuery, MessagesPage>("own"),
  create: post<CreateRequest, JoinedRoom>("change"),
  join: post<RoomRequest, JoinedRoom>("change"),
  join_private: post<PrivateJoinRequest, PrivateJoin>("change"),
  member: post<MemberRequest, MemberDone>("change"),
  recover: post<RecoverRequest, Recovered>("change"),
  leave: post<LeaveRequest, LeftRoom>("change"),
  invite: post<InviteRequest, Invite>("own"),
  attest: post<AttestRequest, Attested>("own"),
  send: post<SendRequest, SendResult>("change"),
  read: post<ReadRequest, ReadDone>("change"),
  contacts: get<NoRequest, ContactsPage>("own"),
  mute: post<AgentRequest, ContactDone>("change"),
  unmute: post<AgentRequest, ContactDone>("change"),
  pin: post<PinRequest, ContactDone>("change"),
  unpin: post<AgentRequest, ContactDone>("change"),
  requests: get<NoRequest, RequestsPage>("own"),
  accept: post<AgentRequest, RequestDone>("change"),
  drop_request: post<AgentRequest, RequestDone>("change"),
  wake: held<WakeQuery, WakeAnswer>(),
  human: post<NoRequest, HumanDone>("own"),
  page: post<NoRequest, PageLink>("own"),
  handover: post<NoRequest, HandingOver>("own"),
  stop: post<NoRequest, Stopping>("change"),
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
