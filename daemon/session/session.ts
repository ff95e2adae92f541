import type * as api from "../../lib/local_api/types.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import type { SendLog } from "../mailbox/send_log.ts";
import { MessageWaiters } from "./read/message_waiters.ts";
import { People } from "./read/people.ts";
import { listRooms } from "./read/room_list.ts";
import { checkedRoom } from "./send/send_check.ts";
import type { SessionOptions } from "./session_options.ts";
import { SessionParts } from "./session_parts.ts";
import { statusOf } from "./status.ts";
import { StoredState } from "./stored_state.ts";
import { WaitingReads } from "./read/waiting_reads.ts";

/** From the answer of `stop` to the end; milliseconds. */
const STOP_AFTER_MS = 50;

/** One agent's life at one relay: connection, rooms, mailbox, outbox, behind the local API. */
export class Session implements AgentApi {
  readonly #options: SessionOptions;
  readonly #stored: StoredState;
  readonly #parts: SessionParts;
  readonly #waiters: MessageWaiters;
  readonly #reads: WaitingReads;
  readonly #people: People;
  readonly #closed = new AbortController();

  /**
   * Opens the mailbox; dials only when {@link start} is called. A damaged or unwritable file is a warning.
   *
   * @throws Failure FILE_TROUBLE where a newer program wrote it, or it can't be read.
   */
  constructor(options: SessionOptions) {
    this.#options = options;
    const { settings, clock } = options;
    const me = { id: settings.agentId, name: settings.agentName };
    const stored = this.#stored = new StoredState(options, me);
    this.#waiters = new MessageWaiters(clock, me);
    this.#reads = new WaitingReads({
      ...{ clock, waiters: this.#waiters },
      page: (query) => this.#shown(stored.mailbox.page(query)),
    });
    this.#people = new People({
      me: me.id,
      contacts: stored.contacts,
      members: () => stored.rooms.all().flatMap((room) => room.memberIds),
      now: () => clock.wall(),
    });
    this.#parts = new SessionParts({
      ...{ options, stored, closed: this.#closed.signal },
      arrived: (message) => this.#arrived(message),
    });
  }

  /** Starts to connect, and keeps trying until {@link close}. */
  start(): void {
    const { restartsInARow, workerRestartReason = "unknown" } = this.#options;
    const { reconnect } = this.#parts;
    if (restartsInARow === 0) reconnect.start();
    else reconnect.startAgain(restartsInARow, workerRestartReason);
  }

  /** Ends the connection, every wait and every timer, and closes the mailbox. */
  close(): void {
    const { outbox, reconnect, catchUp, joinedRooms } = this.#parts;
    this.#closed.abort();
    outbox.close();
    reconnect.stop();
    catchUp.stop();
    joinedRooms.stop();
    this.#stored.database.close();
  }

  status(): api.Status {
    const { reconnect, outbox, intake, events, malformed } = this.#parts;
    const { rooms } = this.#stored;
    const unread = this.#stored.unread();
    return statusOf(this.#options, {
      ...{ reconnect, rooms: rooms.all(), unread },
      queued: outbox.queued,
      failedSends: outbox.failed,
      droppedFrames: malformed + intake.dropped + events.dropped,
      forged: intake.forged,
      warnings: this.#stored.warnings,
    });
  }

  identity(): api.WhoAmI {
    const { agentId, agentName } = this.#options.settings;
    return { id: agentId, name: agentName };
  }

  async rooms(query: api.RoomsQuery): Promise<api.RoomsPage> {
    return await listRooms(this.#parts.connected(), {
      query,
      isJoined: (room) => this.#stored.rooms.get(room)?.joined ?? false,
    });
  }

  async members(room: string): Promise<api.JoinedRoom> {
    return await this.#parts.operations.members(room);
  }

  create(request: api.CreateRequest): Promise<api.JoinedRoom> {
    return this.#parts.operations.create(request, this.#closed.signal);
  }

  join(request: api.RoomRequest): Promise<api.JoinedRoom> {
    return this.#parts.operations.join(request);
  }

  leave(request: api.RoomRequest): Promise<api.LeftRoom> {
    return this.#parts.operations.leave(request);
  }

  send(request: api.SendRequest): Promise<api.SendResult> {
    this.#reads.spoke();
    return this.#parts.sending.send(request);
  }

  async messages(
    query: api.MessagesQuery,
    signal: AbortSignal,
  ): Promise<api.MessagesPage> {
    return await this.#reads.read({
      query: ofRoom(query),
      gone: signal,
      closed: this.#closed.signal,
    });
  }

  count(query: api.MessagesQuery): api.MessageCount {
    return { count: this.#stored.mailbox.count(ofRoom(query)) };
  }

  read(request: api.ReadRequest): api.ReadDone {
    this.#stored.mailbox.read(ofRoom(request));
    return { status: "ok" };
  }

  async history(
    query: { room: string; limit: number; before_seq?: number },
  ): Promise<api.HistoryPage> {
    const page = await this.#parts.history.page(ofRoom(query));
    return {
      ...page,
      messages: page.messages.map((one) => this.#people.marked(one)),
    };
  }

  message({ id, from }: api.MessageQuery): api.OneMessage {
    return {
      message: this.#people.marked(this.#stored.mailbox.byId(id, from)),
    };
  }

  sent(limit: number): api.SentPage {
    return { sent: this.#stored.sends.last(limit).map(sentOf) };
  }

  search(
    query: { words: string; room?: string; limit: number },
  ): api.MessagesPage {
    return this.#shown(this.#stored.mailbox.search(ofRoom(query)));
  }

  contacts(): api.ContactsPage {
    return this.#people.all();
  }

  mute(agent: string): api.ContactDone {
    return this.#people.mute(agent);
  }

  unmute(agent: string): api.ContactDone {
    return this.#people.unmute(agent);
  }

  pin(request: api.PinRequest): api.ContactDone {
    return this.#people.pin(request);
  }

  unpin(agent: string): api.ContactDone {
    return this.#people.unpin(agent);
  }

  subscribe(listener: (message: api.ReceivedMessage) => void): () => void {
    return this.#waiters.subscribe(listener);
  }

  stop(): api.Stopping {
    const { clock, requestStop } = this.#options;
    // From now on status says so: a daemon that is started next waits for the lock.
    this.#parts.reconnect.stop();
    clock.after(STOP_AFTER_MS, requestStop);
    return { status: "stopping" };
  }

  /** A muted voice wakes nobody, and is no other voice to the brakes. */
  #arrived(message: api.ReceivedMessage): void {
    if (this.#people.isMuted(message.from)) return;
    this.#parts.brakes.heard(message.room);
    this.#waiters.arrived(this.#people.marked(message));
  }

  #shown(page: api.MessagesPage): api.MessagesPage {
    const messages = page.messages.map((one) => this.#people.marked(one));
    return { ...page, messages };
  }
}

/** The same query with its room as the wire wants it. @throws Failure ROOM_NAME_INVALID */
function ofRoom<Query extends { readonly room?: string }>(query: Query): Query {
  return query.room === undefined
    ? query
    : { ...query, room: checkedRoom(query.room) };
}

function sentOf(
  send: ReturnType<SendLog["last"]>[number],
): api.SentMessage {
  const { id, room, text, createdAt, status, reason, seq } = send;
  return {
    ...{ id, room, text, created_at: createdAt, status },
    ...(reason === undefined ? {} : { reason }),
    ...(seq === undefined ? {} : { seq }),
  };
}
