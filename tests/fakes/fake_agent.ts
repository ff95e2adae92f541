import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import type { Failure } from "../../lib/errors.ts";
import type * as api from "../../lib/local_api/types.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { fakeStatus } from "./fake_status.ts";
import { FakeFiles } from "./fake_files.ts";
import { asChecked, type Plain, roomName } from "./plain.ts";

const TEA = roomName("tea");

/** A message as the mailbox has it; `change` says what differs. */
export function message(
  change: Partial<Plain<api.ReceivedMessage>> = {},
): api.ReceivedMessage {
  return asChecked<api.ReceivedMessage>({
    cursor: 1,
    id: "m1",
    room: "tea",
    from: "A1",
    from_name: "bob",
    text: "hello",
    timestamp: 1_800_000_000_000,
    received_at: 1_800_000_000_001,
    verified: true,
    late: false,
    ...change,
  });
}

function contact(change: Partial<api.Contact> = {}): api.ContactDone {
  return { contact: { id: "A1", muted: false, added_at: 1, ...change } };
}

/** An agent behind the local API that remembers what it was asked, and answers what a test put in. */
export class FakeAgent implements AgentApi {
  /** Every call that changes something, and its input. */
  readonly changes: [name: string, input: unknown][] = [];
  /** Every call, by name. */
  readonly calls: string[] = [];
  readonly listeners = new Set<(message: api.ReceivedMessage) => void>();
  inbox: api.ReceivedMessage[] = [];
  sendStatus: api.SendResult["status"] = "accepted";
  /** Thrown by every method while set. */
  failure: Failure | undefined;
  lastQuery: unknown;
  wakeNow: api.Wake | undefined;

  status(): api.Status {
    this.#called("status");
    return fakeStatus();
  }

  identity(): api.WhoAmI {
    this.#called("identity");
    return { id: "A0", name: "ada" };
  }

  rooms(query: api.RoomsQuery): Promise<api.RoomsPage> {
    this.#called("rooms", query);
    const room = {
      ...{ name: TEA, topic: "t", tags: [] },
      ...{ agents: 1, last_active: 1, joined: true },
    };
    return Promise.resolve({ rooms: [room], has_more: false, partial: false });
  }

  members({ room }: api.RoomRequest): Promise<api.JoinedRoom> {
    this.#called("members", room);
    return Promise.resolve(this.#joined(room));
  }

  create(request: api.CreateRequest): Promise<api.JoinedRoom> {
    this.#changed("create", request);
    return Promise.resolve(this.#joined(request.room));
  }

  join(request: api.RoomRequest): Promise<api.JoinedRoom> {
    this.#changed("join", request);
    return Promise.resolve(this.#joined(request.room));
  }

  join_private(request: api.PrivateJoinRequest): Promise<api.PrivateJoin> {
    this.#changed("join_private", request);
    const admin = { id: "A1", name: "bob", connected: false };
    const room = this.#joined(roomName("vault"));
    return Promise.resolve({ status: "asked", room, admin });
  }

  member(request: api.MemberRequest): Promise<api.MemberDone> {
    this.#changed("member", request);
    return Promise.resolve({ ...request, epoch: 1, members: 2 });
  }

  recover(request: api.RecoverRequest): Promise<api.Recovered> {
    this.#changed("recover", request);
    return Promise.resolve({ rooms: [] });
  }

  leave(request: api.LeaveRequest): Promise<api.LeftRoom> {
    this.#changed("leave", request);
    return Promise.resolve({ name: request.room });
  }

  send(request: api.SendRequest): Promise<api.SendResult> {
    this.#changed("send", request);
    return Promise.resolve({
      status: this.sendStatus,
      id: request.id ?? "m9",
      ...{ bytes: request.text.length, sha256: "0".repeat(12) },
      room: request.room,
    });
  }

  messages(
    query: api.MessagesQuery,
    signal: AbortSignal,
  ): Promise<api.MessagesPage> {
    this.#called("messages", query);
    const counts = { remaining: 0, dropped: 0 };
    const page = { messages: this.inbox, ...counts, gaps: [] };
    if (this.inbox.length > 0 || !query.wait_ms) return Promise.resolve(page);
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(page), { once: true });
    });
  }

  count(query: api.MessagesQuery): api.MessageCount {
    this.#called("count", query);
    return { count: this.inbox.length };
  }

  read(request: api.ReadRequest): api.ReadDone {
    this.#changed("read", request);
    return { status: "ok" };
  }

  digest(query: api.DigestQuery): Promise<api.Digest> {
    this.#called("digest", query);
    const none = { count: 0, told: [] };
    return Promise.resolve({
      ...{ count: 0, rooms: [], authors: none },
      ...{ mentions: none, questions: none },
    });
  }

  history(query: api.HistoryQuery): Promise<api.HistoryPage> {
    this.#called("history", query);
    const { room } = query;
    return Promise.resolve({ room, messages: this.inbox, has_more: false });
  }

  frames(query: api.FramesQuery): Promise<api.FramesPage> {
    this.#called("frames", query);
    return Promise.resolve({ room: query.room, frames: [] });
  }

  message(query: api.MessageQuery): api.OneMessage {
    this.#called("message", query);
    return { message: message({ id: query.id }) };
  }

  sent({ limit }: api.SentQuery): api.SentPage {
    this.#called("sent", limit);
    return { sent: [] };
  }

  search(
    query: api.SearchQuery,
  ): api.MessagesPage {
    this.#called("search", query);
    return { messages: this.inbox, remaining: 0, dropped: 0, gaps: [] };
  }

  files(query: api.FilesQuery): api.FilesPage {
    this.#called("files", query);
    return { messages: this.inbox.filter(({ file }) => file !== undefined) };
  }

  readonly fileApi = new FakeFiles((name, input) => this.#changed(name, input));

  contacts(): api.ContactsPage {
    this.#called("contacts");
    return { contacts: [] };
  }

  attest(request: api.AttestRequest): Promise<api.Attested> {
    this.#changed("attest", request);
    return Promise.resolve({ by: "8NYU1dXe", signature: "5" });
  }

  invite(request: api.InviteRequest): Promise<api.Invite> {
    this.#changed("invite", request);
    return Promise.resolve({
      invite: "agentnet-invite-1.x",
      room: request.room,
      relay: "wss://relay.example.org/v1/ws",
      ...{ by: "8NYU1dXe", name: "ada", until: 0 },
    });
  }

  requests(): api.RequestsPage {
    this.#called("requests");
    return { requests: [] };
  }

  accept({ agent }: api.AgentRequest): api.RequestDone {
    this.#changed("accept", { agent });
    return { agent, messages: 0 };
  }

  drop_request({ agent }: api.AgentRequest): api.RequestDone {
    this.#changed("drop_request", { agent });
    return { agent, messages: 1 };
  }

  mute({ agent }: api.AgentRequest): api.ContactDone {
    this.#changed("mute", { agent });
    return contact({ muted: true });
  }

  unmute({ agent }: api.AgentRequest): api.ContactDone {
    this.#changed("unmute", { agent });
    return contact();
  }

  pin(request: api.PinRequest): api.ContactDone {
    this.#changed("pin", request);
    return contact({ name: request.name });
  }

  unpin({ agent }: api.AgentRequest): api.ContactDone {
    this.#changed("unpin", { agent });
    return contact();
  }

  subscribe(listener: (message: api.ReceivedMessage) => void): () => void {
    this.#called("subscribe");
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  wake(query: api.WakeQuery): Promise<api.WakeAnswer> {
    this.#called("wake", query);
    const { wakeNow: wake } = this;
    return Promise.resolve(wake === undefined ? {} : { wake });
  }

  human(): api.HumanDone {
    this.#changed("human", {});
    return { status: "ok" };
  }

  page(): api.PageLink {
    this.#changed("page", {});
    return { url: "http://127.0.0.1:9900/page/open/00" };
  }

  handover(): Promise<api.HandingOver> {
    this.#changed("handover", {});
    return Promise.resolve({ status: "handing over", queued: 0 });
  }

  stop(): api.Stopping {
    this.#changed("stop", {});
    return { status: "stopping" };
  }

  #called(name: string, query?: unknown): void {
    this.calls.push(name);
    this.lastQuery = query;
    if (this.failure !== undefined) throw this.failure;
  }

  #changed(name: string, input: unknown): void {
    this.#called(name, input);
    this.changes.push([name, input]);
  }

  #joined(name: RoomName): api.JoinedRoom {
    const member = { id: "A0", name: "ada", joined_at: 1 };
    return { name, topic: "t", tags: [], members: [member] };
  }
}
