import { Failure } from "../../lib/errors.ts";
import { IdNames } from "../../lib/client/id_names.ts";
import type * as api from "../../lib/local_api/types.ts";
import { FEATURES, type RoomJoined } from "../../lib/protocol/frames.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { AgentApi } from "../agent_api.ts";
import { type MailboxDatabase, openMailbox } from "../mailbox/database.ts";
import { Contacts } from "../mailbox/contacts.ts";
import { Mailbox } from "../mailbox/mailbox.ts";
import { RoomMemory } from "../mailbox/room_memory.ts";
import { SendLog } from "../mailbox/send_log.ts";
import { openSqlite } from "../mailbox/sql.ts";
import { Brakes } from "./brakes.ts";
import { CatchUp } from "./catch_up.ts";
import { Intake } from "./intake.ts";
import { JoinedRooms } from "./joined_rooms.ts";
import { MessageWaiters } from "./message_waiters.ts";
import { Outbox } from "./outbox.ts";
import { People } from "./people.ts";
import { RelayEvents } from "./relay_events.ts";
import { RoomHistory } from "./room_history.ts";
import { listRooms } from "./room_list.ts";
import { RoomPaging } from "./room_paging.ts";
import { RoomOperations } from "./room_operations.ts";
import { type Room, Rooms } from "./rooms.ts";
import { checkedRoom } from "./send_check.ts";
import { Sending } from "./sending.ts";
import type { RelayConnection, SessionOptions } from "./session_options.ts";
import { statusOf } from "./session_status.ts";
import { Upkeep } from "./upkeep.ts";
import { WaitingReads } from "./waiting_reads.ts";

/** From the answer of `stop` to the end; milliseconds. */
const STOP_AFTER_MS = 50;

/** One agent's life at one relay: connection, rooms, mailbox, outbox, behind the local API. */
export class Session implements AgentApi {
  readonly #options: SessionOptions;
  readonly #database: MailboxDatabase;
  readonly #mailbox: Mailbox;
  readonly #sends: SendLog;
  readonly #rooms: Rooms;
  readonly #names = new IdNames();
  readonly #waiters: MessageWaiters;
  readonly #reads: WaitingReads;
  readonly #brakes = new Brakes();
  readonly #people: People;
  readonly #upkeep: Upkeep;
  readonly #intake: Intake;
  readonly #catchUp: CatchUp;
  readonly #joinedRooms: JoinedRooms;
  readonly #outbox: Outbox;
  readonly #events: RelayEvents;
  readonly #history: RoomHistory;
  readonly #operations: RoomOperations;
  readonly #sending: Sending;
  readonly #closed = new AbortController();
  #warnings: readonly string[];
  /** Why the mailbox can't be written, while it can't. */
  #trouble: string | undefined;
  #droppedFrames = 0;

  /** Opens the mailbox; dials only when {@link start} is called. A damaged or unwritable file is a warning. */
  constructor(options: SessionOptions) {
    this.#options = options;
    const { settings, clock, log } = options;
    const me = { id: settings.agentId, name: settings.agentName };
    const opened = openMailbox(options.databasePath, {
      open: options.openDatabase ?? openSqlite,
      now: clock.wall(),
    });
    this.#warnings = opened.warnings;
    for (const warning of opened.warnings) log.warn("mailbox", { warning });
    const database = this.#database = opened.database;
    const { buffer, relayUrl, queueForMs } = settings;
    const mailbox = this.#mailbox = new Mailbox(database, { me, buffer });
    const sends = this.#sends = new SendLog(database, relayUrl);
    const rooms = this.#rooms = new Rooms(new RoomMemory(database, relayUrl));
    this.#waiters = new MessageWaiters(clock, me);
    this.#reads = new WaitingReads({
      ...{ clock, waiters: this.#waiters },
      page: (query) => this.#shown(this.#mailbox.page(query)),
    });
    this.#people = new People({
      me: me.id,
      contacts: new Contacts(database),
      members: () => rooms.all().flatMap(({ members }) => [...members.keys()]),
      now: () => clock.wall(),
    });
    const connection = () => this.#upkeep.connection;
    const skewMs = () => connection()?.clockSkewMs ?? 0;
    const verifier = new Verifier();
    const { restHistory } = options;
    const entered = (room: Room, frame: RoomJoined) =>
      this.#events.entered(room, frame);
    this.#upkeep = this.#makeUpkeep();
    const intake = this.#intake = new Intake({
      ...{ database, mailbox, rooms, clock, verifier, skewMs },
      me: me.id,
      names: this.#names,
      arrived: (message) => this.#arrived(message),
      needsPaging: (room) => this.#catchUp.request(room),
      trouble: (failure, room) => {
        this.#diskTrouble(failure);
        this.#catchUp.request(room);
      },
    });
    const paging = new RoomPaging({
      ...{ rooms, intake, mailbox, verifier, restHistory, clock, skewMs },
    });
    this.#catchUp = new CatchUp({
      ...{ rooms, intake, paging, connection, clock, log },
      trouble: (failure) => this.#diskTrouble(failure),
      caughtUp: () => {
        this.#trouble = undefined;
      },
    });
    this.#joinedRooms = new JoinedRooms({
      ...{ rooms, connection, clock, log, entered },
    });
    this.#outbox = new Outbox({
      ...{ sends, database, connection, clock, queueForMs, log },
      isJoined: (room) => rooms.get(room)?.joined ?? false,
      accepted: ({ room }, seq) => {
        if (seq !== undefined) rooms.get(room)?.ownSeq(seq);
      },
      notInRoom: (room) => this.#events.notInRoom(room),
    });
    this.#events = new RelayEvents({
      ...{ rooms, intake, clock, names: this.#names, outbox: this.#outbox },
      catchUp: this.#catchUp,
      joinedRooms: this.#joinedRooms,
      trouble: (failure) => this.#diskTrouble(failure),
    });
    this.#history = new RoomHistory({
      ...{ connection, restHistory, verifier, names: this.#names },
      count: (verdict) => intake.count(verdict),
    });
    const connected = () => this.#connection();
    this.#operations = new RoomOperations({
      ...{ rooms, clock, connection, connected, entered },
      ended: (room) => this.#brakes.heard(room),
    });
    this.#sending = new Sending({
      ...{ rooms, sends, clock, connection, brakes: this.#brakes },
      outbox: this.#outbox,
      brakesOn: settings.brakes,
      randomBytes: options.randomBytes,
    });
  }

  /** Starts to connect, and keeps trying until {@link close}. */
  start(): void {
    this.#upkeep.start();
  }

  /** Ends the connection, every wait and every timer, and closes the mailbox. */
  close(): void {
    this.#closed.abort();
    this.#outbox.close();
    this.#upkeep.stop();
    this.#catchUp.stop();
    this.#joinedRooms.stop();
    this.#database.close();
  }

  status(): api.Status {
    const trouble = this.#trouble === undefined
      ? []
      : [`${this.#trouble}; what comes meanwhile is fetched again`];
    return statusOf(this.#options, {
      upkeep: this.#upkeep,
      rooms: this.#rooms.all(),
      unread: this.#unread(),
      queued: this.#outbox.queued,
      failedSends: this.#outbox.failed,
      droppedFrames: this.#droppedFrames + this.#intake.dropped +
        this.#events.dropped,
      forged: this.#intake.forged,
      warnings: [...this.#warnings, ...trouble],
    });
  }

  identity(): api.WhoAmI {
    const { agentId, agentName } = this.#options.settings;
    return { id: agentId, name: agentName };
  }

  async rooms(query: api.RoomsQuery): Promise<api.RoomsPage> {
    return await listRooms(this.#connection(), {
      query,
      isJoined: (room) => this.#rooms.get(room)?.joined ?? false,
    });
  }

  async members(room: string): Promise<api.JoinedRoom> {
    return await this.#operations.members(room);
  }

  create(request: api.CreateRequest): Promise<api.JoinedRoom> {
    return this.#operations.create(request, this.#closed.signal);
  }

  join(request: api.RoomRequest): Promise<api.JoinedRoom> {
    return this.#operations.join(request);
  }

  leave(request: api.RoomRequest): Promise<api.LeftRoom> {
    return this.#operations.leave(request);
  }

  send(request: api.SendRequest): Promise<api.SendResult> {
    this.#reads.spoke();
    return this.#sending.send(request);
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
    return { count: this.#mailbox.count(ofRoom(query)) };
  }

  read(request: api.ReadRequest): api.ReadDone {
    this.#mailbox.read(ofRoom(request));
    return { status: "ok" };
  }

  async history(
    query: { room: string; limit: number; before_seq?: number },
  ): Promise<api.HistoryPage> {
    const page = await this.#history.page(ofRoom(query));
    return {
      ...page,
      messages: page.messages.map((one) => this.#people.marked(one)),
    };
  }

  message({ id, from }: api.MessageQuery): api.OneMessage {
    return { message: this.#people.marked(this.#mailbox.byId(id, from)) };
  }

  sent(limit: number): api.SentPage {
    return { sent: this.#sends.last(limit).map(sentOf) };
  }

  search(
    query: { words: string; room?: string; limit: number },
  ): api.MessagesPage {
    return this.#shown(this.#mailbox.search(ofRoom(query)));
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
    this.#upkeep.stop();
    clock.after(STOP_AFTER_MS, requestStop);
    return { status: "stopping" };
  }

  #makeUpkeep(): Upkeep {
    const { settings, clock, log, randomBytes } = this.#options;
    const { dial, sign, findProof, connect } = this.#options;
    return new Upkeep({
      ...{ clock, log },
      random: () => {
        const [a = 0, b = 0, c = 0] = randomBytes(3);
        return ((a * 256 + b) * 256 + c) / 2 ** 24;
      },
      dial: (events, signal) =>
        connect({
          ...{ dial, clock, randomBytes, sign, findProof, events, signal },
          url: settings.relayUrl,
          features: FEATURES,
          profile: {
            id: settings.agentId,
            name: settings.agentName,
            version: settings.version,
          },
        }),
      connected: () => this.#joinedRooms.start(),
      disconnected: () => this.#events.disconnected(),
      push: (push) => this.#events.push(push),
      dropped: (reason) => {
        this.#droppedFrames++;
        log.debug("frame dropped", { reason });
      },
    });
  }

  /** A muted voice wakes nobody, and is no other voice to the brakes. */
  #arrived(message: api.ReceivedMessage): void {
    if (this.#people.isMuted(message.from)) return;
    this.#brakes.heard(message.room);
    this.#waiters.arrived(this.#people.marked(message));
  }

  #shown(page: api.MessagesPage): api.MessagesPage {
    const messages = page.messages.map((one) => this.#people.marked(one));
    return { ...page, messages };
  }

  #diskTrouble(failure: Failure): void {
    if (this.#trouble === undefined) {
      this.#options.log.error("mailbox trouble", { reason: failure.message });
    }
    this.#trouble = failure.message;
  }

  #unread(): ReadonlyMap<string, number> {
    try {
      return this.#mailbox.unread();
    } catch (error) {
      this.#diskTrouble(Failure.from(error));
      return new Map();
    }
  }

  /** @throws Failure NOT_CONNECTED, with the time of the next try */
  #connection(): RelayConnection {
    const { connection, state } = this.#upkeep;
    if (connection !== undefined) return connection;
    const { reason, retryAt } = state;
    const waitMs = (retryAt ?? 0) - this.#options.clock.wall();
    throw new Failure("NOT_CONNECTED", {
      fields: { reason },
      ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}),
    });
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
