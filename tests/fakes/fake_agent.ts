import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import type { Failure } from "../../lib/errors.ts";
import type { AnswerOf, RequestOf } from "../../lib/local_api/operations.ts";
import type {
  Contact,
  ContactDone,
} from "../../lib/local_api/types/contacts.ts";
import type { JoinedRoom } from "../../lib/local_api/types/rooms.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { SendResult } from "../../lib/local_api/types/sends.ts";
import type { Wake } from "../../lib/local_api/types/wakes.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { fakeStatus } from "./fake_status.ts";
import { FakeFiles } from "./fake_files.ts";
import { asChecked, type Plain, roomName } from "./plain.ts";

const TEA = roomName("tea");

/** A message as the mailbox has it; `change` says what differs. */
export function message(
  change: Partial<Plain<ReceivedMessage>> = {},
): ReceivedMessage {
  return asChecked<ReceivedMessage>({
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

function contact(change: Partial<Contact> = {}): ContactDone {
  return { contact: { id: "A1", muted: false, added_at: 1, ...change } };
}

/** An agent behind the local API that remembers what it was asked, and answers what a test put in. */
export class FakeAgent implements AgentApi {
  /** Every call that changes something, and its input. */
  readonly changes: [name: string, input: unknown][] = [];
  /** Every call, by name. */
  readonly calls: string[] = [];
  readonly listeners = new Set<(message: ReceivedMessage) => void>();
  inbox: ReceivedMessage[] = [];
  sendStatus: SendResult["status"] = "accepted";
  /** Thrown by every method while set. */
  failure: Failure | undefined;
  lastQuery: unknown;
  wakeNow: Wake | undefined;

  status(): AnswerOf<"status"> {
    this.#called("status");
    return fakeStatus();
  }

  identity(): AnswerOf<"identity"> {
    this.#called("identity");
    return { id: "A0", name: "ada" };
  }

  rooms(query: RequestOf<"rooms">): Promise<AnswerOf<"rooms">> {
    this.#called("rooms", query);
    const room = {
      ...{ name: TEA, topic: "t", tags: [] },
      ...{ agents: 1, last_active: 1, joined: true },
    };
    return Promise.resolve({ rooms: [room], has_more: false, partial: false });
  }

  members({ room }: RequestOf<"members">): Promise<AnswerOf<"members">> {
    this.#called("members", room);
    return Promise.resolve(this.#joined(room));
  }

  create(request: RequestOf<"create">): Promise<AnswerOf<"create">> {
    this.#changed("create", request);
    return Promise.resolve(this.#joined(request.room));
  }

  join(request: RequestOf<"join">): Promise<AnswerOf<"join">> {
    this.#changed("join", request);
    return Promise.resolve(this.#joined(request.room));
  }

  join_private(
    request: RequestOf<"join_private">,
  ): Promise<AnswerOf<"join_private">> {
    this.#changed("join_private", request);
    const admin = { id: "A1", name: "bob", connected: false };
    const room = this.#joined(roomName("vault"));
    return Promise.resolve({ status: "asked", room, admin });
  }

  member(request: RequestOf<"member">): Promise<AnswerOf<"member">> {
    this.#changed("member", request);
    return Promise.resolve({ ...request, epoch: 1, members: 2 });
  }

  recover(request: RequestOf<"recover">): Promise<AnswerOf<"recover">> {
    this.#changed("recover", request);
    return Promise.resolve({ rooms: [] });
  }

  leave(request: RequestOf<"leave">): Promise<AnswerOf<"leave">> {
    this.#changed("leave", request);
    return Promise.resolve({ name: request.room });
  }

  send(request: RequestOf<"send">): Promise<AnswerOf<"send">> {
    this.#changed("send", request);
    return Promise.resolve({
      status: this.sendStatus,
      id: request.id ?? "m9",
      ...{ bytes: request.text.length, sha256: "0".repeat(12) },
      room: request.room,
    });
  }

  messages(
    query: RequestOf<"messages">,
    signal: AbortSignal,
  ): Promise<AnswerOf<"messages">> {
    this.#called("messages", query);
    const counts = { remaining: 0, dropped: 0 };
    const page = { messages: this.inbox, ...counts, gaps: [] };
    if (this.inbox.length > 0 || !query.wait_ms) return Promise.resolve(page);
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(page), { once: true });
    });
  }

  count(query: RequestOf<"count">): AnswerOf<"count"> {
    this.#called("count", query);
    return { count: this.inbox.length };
  }

  read(request: RequestOf<"read">): AnswerOf<"read"> {
    this.#changed("read", request);
    return { status: "ok" };
  }

  digest(query: RequestOf<"digest">): Promise<AnswerOf<"digest">> {
    this.#called("digest", query);
    const none = { count: 0, told: [] };
    return Promise.resolve({
      ...{ count: 0, rooms: [], authors: none },
      ...{ mentions: none, questions: none },
    });
  }

  history(query: RequestOf<"history">): Promise<AnswerOf<"history">> {
    this.#called("history", query);
    const { room } = query;
    return Promise.resolve({ room, messages: this.inbox, has_more: false });
  }

  frames(query: RequestOf<"frames">): Promise<AnswerOf<"frames">> {
    this.#called("frames", query);
    return Promise.resolve({ room: query.room, frames: [] });
  }

  message(query: RequestOf<"message">): AnswerOf<"message"> {
    this.#called("message", query);
    return { message: message({ id: query.id }) };
  }

  sent({ limit }: RequestOf<"sent">): AnswerOf<"sent"> {
    this.#called("sent", limit);
    return { sent: [] };
  }

  search(
    query: RequestOf<"search">,
  ): AnswerOf<"search"> {
    this.#called("search", query);
    return { messages: this.inbox, remaining: 0, dropped: 0, gaps: [] };
  }

  files(query: RequestOf<"files">): AnswerOf<"files"> {
    this.#called("files", query);
    return { messages: this.inbox.filter(({ file }) => file !== undefined) };
  }

  readonly fileApi = new FakeFiles((name, input) => this.#changed(name, input));

  contacts(): AnswerOf<"contacts"> {
    this.#called("contacts");
    return { contacts: [] };
  }

  attest(request: RequestOf<"attest">): Promise<AnswerOf<"attest">> {
    this.#changed("attest", request);
    return Promise.resolve({ by: "8NYU1dXe", signature: "5" });
  }

  invite(request: RequestOf<"invite">): Promise<AnswerOf<"invite">> {
    this.#changed("invite", request);
    return Promise.resolve({
      invite: "agentnet-invite-1.x",
      room: request.room,
      relay: "wss://relay.example.org/v1/ws",
      ...{ by: "8NYU1dXe", name: "ada", until: 0 },
    });
  }

  requests(): AnswerOf<"requests"> {
    this.#called("requests");
    return { requests: [] };
  }

  accept({ agent }: RequestOf<"accept">): AnswerOf<"accept"> {
    this.#changed("accept", { agent });
    return { agent, messages: 0 };
  }

  drop_request({ agent }: RequestOf<"drop_request">): AnswerOf<"drop_request"> {
    this.#changed("drop_request", { agent });
    return { agent, messages: 1 };
  }

  mute({ agent }: RequestOf<"mute">): AnswerOf<"mute"> {
    this.#changed("mute", { agent });
    return contact({ muted: true });
  }

  unmute({ agent }: RequestOf<"unmute">): AnswerOf<"unmute"> {
    this.#changed("unmute", { agent });
    return contact();
  }

  pin(request: RequestOf<"pin">): AnswerOf<"pin"> {
    this.#changed("pin", request);
    return contact({ name: request.name });
  }

  unpin({ agent }: RequestOf<"unpin">): AnswerOf<"unpin"> {
    this.#changed("unpin", { agent });
    return contact();
  }

  subscribe(listener: (message: ReceivedMessage) => void): () => void {
    this.#called("subscribe");
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  wake(query: RequestOf<"wake">): Promise<AnswerOf<"wake">> {
    this.#called("wake", query);
    const { wakeNow: wake } = this;
    return Promise.resolve(wake === undefined ? {} : { wake });
  }

  human(): AnswerOf<"human"> {
    this.#changed("human", {});
    return { status: "ok" };
  }

  page(): AnswerOf<"page"> {
    this.#changed("page", {});
    return { url: "http://127.0.0.1:9900/page/open/00" };
  }

  handover(): Promise<AnswerOf<"handover">> {
    this.#changed("handover", {});
    return Promise.resolve({ status: "handing over", queued: 0 });
  }

  stop(): AnswerOf<"stop"> {
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

  #joined(name: RoomName): JoinedRoom {
    const member = { id: "A0", name: "ada", joined_at: 1 };
    return { name, topic: "t", tags: [], members: [member] };
  }
}
