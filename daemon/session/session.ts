import { Failure } from "../../lib/errors.ts";
import type { AgentApi, FileApi } from "../../lib/local_api/agent_api.ts";
import type * as api from "../../lib/local_api/types.ts";
import type { Heard } from "./heard.ts";
import { makeParts, type Parts } from "./parts.ts";
import { sentPage } from "./read/sent_page.ts";
import { listRooms } from "./read/room_list.ts";
import type { Waking } from "./read/waking.ts";
import type { SessionOptions } from "./session_options.ts";
import { checkNoTalk, checkPublicName } from "./private_requests.ts";
import { sessionStatus } from "./status.ts";

/** One agent's life at one relay: connection, rooms, mailbox, outbox, behind the local API. */
export class Session implements AgentApi {
  readonly #options: SessionOptions;
  readonly #parts: Parts;
  readonly #closed = new AbortController();
  /** Frames that could not be read. */
  #unread = 0;

  /**
   * Opens the mailbox; dials only when {@link start} is called. A damaged or unwritable file is a warning.
   *
   * @throws Failure FILE_TROUBLE where a newer program wrote it, or it can't be read.
   */
  constructor(options: SessionOptions) {
    this.#options = options;
    const { signal: closed } = this.#closed;
    this.#parts = makeParts({ options, heard: this.heard, closed });
  }

  /** Starts to connect, and keeps trying until {@link close}. */
  start(): void {
    const { restartsInARow, workerRestartReason = "unknown" } = this.#options;
    const { reconnect } = this.#parts;
    if (restartsInARow === 0) reconnect.start();
    else reconnect.startAgain(restartsInARow, workerRestartReason);
  }

  /** What a part of it has to tell: the one way up. */
  readonly heard = (event: Heard): void => {
    const { runner, pushed, presences, heardReceipts, outbox } = this.#parts;
    if ("marks" in event) heardReceipts.heard(event.marks, event.raw);
    else if ("raw" in event) pushed.said(event.frame, event.raw);
    else if ("frame" in event) pushed.take(event.frame);
    else if ("overrun" in event) pushed.overrun();
    else if ("connected" in event) this.#connected();
    else if ("wakeable" in event) presences.tell();
    else if ("disconnected" in event) this.#disconnected();
    else if ("here" in event) void outbox.wake();
    else if ("outside" in event) runner.happensTo(event.outside, "outside");
    else if ("missed" in event) runner.happensTo(event.missed, "overrun");
    else this.#dropped(event.dropped);
  };

  /** Ends the connection, every wait and every timer, and closes the mailbox. */
  close(): void {
    const { outbox, reconnect, runner, stored, receipts } = this.#parts;
    this.#closed.abort();
    receipts.close();
    outbox.close();
    reconnect.stop();
    runner.close();
    stored.database.close();
  }

  status(): api.Status {
    return sessionStatus(this.#options, this.#parts, this.#unread);
  }

  identity(): api.WhoAmI {
    const { agentId, agentName } = this.#options.settings;
    return { id: agentId, name: agentName };
  }

  async rooms(query: api.RoomsQuery): Promise<api.RoomsPage> {
    const { reconnect, stored, sealed } = this.#parts;
    return await listRooms(reconnect.connected(), {
      query,
      isPrivate: (room) => sealed.isPrivate(room),
      isJoined: (room) => stored.rooms.get(room)?.joined ?? false,
    });
  }

  members({ room }: api.RoomRequest): Promise<api.JoinedRoom> {
    return this.#parts.views.members(room);
  }

  create(request: api.CreateRequest): Promise<api.JoinedRoom> {
    const { requests, privates } = this.#parts;
    checkPublicName(request.room);
    return (request.private ? privates : requests).create(request);
  }

  join({ room }: api.RoomRequest): Promise<api.JoinedRoom> {
    checkPublicName(room);
    return this.#parts.requests.join(room);
  }

  join_private(request: api.PrivateJoinRequest): Promise<api.PrivateJoin> {
    return this.#parts.privates.join(request);
  }

  recover(request: api.RecoverRequest): Promise<api.Recovered> {
    return this.#parts.recovery.recover(request);
  }

  member(request: api.MemberRequest): Promise<api.MemberDone> {
    return this.#parts.members.member(request);
  }

  leave(request: api.LeaveRequest): Promise<api.LeftRoom> {
    const { room } = request;
    const { requests, privates, sealed } = this.#parts;
    checkNoTalk(room);
    return sealed.isPrivate(room)
      ? privates.leave(request)
      : requests.leave(room);
  }

  /** @throws Failure NOT_IN_ROOM, NOT_CONNECTED or ROOM_NOT_JOINED: nobody is invited to where this agent is not. */
  invite(request: api.InviteRequest): Promise<api.Invite> {
    return this.#parts.invites.write(request);
  }

  async attest(request: api.AttestRequest): Promise<api.Attested> {
    const { attest, settings } = this.#options;
    return { by: settings.agentId, signature: await attest(request) };
  }

  async send(request: api.SendRequest): Promise<api.SendResult> {
    const { reads, sending, shown, presences, desk, pairs, receipts } =
      this.#parts;
    reads.spoke();
    const sent = await sending.send(await desk.toTalk(request));
    if (sent.waits_for === "agent") pairs.lookSoon();
    // Who was answered may be told what became of his messages.
    receipts.changed();
    // Who is told at the end is told after the file was closed.
    const short_id = this.#closed.signal.aborted
      ? shown.wholeShortId(sent.id)
      : shown.ownShortId(sent.id);
    if (sent.status !== "accepted") return { ...sent, short_id };
    const not_woken = await presences.notWoken(request);
    return {
      ...{ ...sent, short_id },
      ...(not_woken.length === 0 ? {} : { not_woken }),
    };
  }

  /** @throws {Failure} HANDED_OVER where nothing came before another daemon took the place. */
  async messages(
    query: api.MessagesQuery,
    signal: AbortSignal,
  ): Promise<api.MessagesPage> {
    const { signal: closed } = this.#closed;
    const { reads, reconnect, waking, ending } = this.#parts;
    const meant = this.#parts.talks.asked(query);
    const read = { query: meant, gone: signal, closed };
    const isHeard = (query.wait_ms ?? 0) > 0 && !query.background;
    const page = isHeard
      ? await waking.listening(() => reads.read(read))
      : await reads.read(read);
    const isVain = page.messages.length === 0 && !reconnect.isAlive;
    if (isVain && ending.isHandingOver) throw new Failure("HANDED_OVER");
    return isVain ? { ...page, offline: true } : page;
  }

  count(query: api.MessagesQuery): api.MessageCount {
    return {
      count: this.#parts.stored.mailbox.count(this.#parts.talks.asked(query)),
    };
  }

  read(request: api.ReadRequest): api.ReadDone {
    const { stored, talks } = this.#parts;
    stored.read(talks.meant(request));
    this.#parts.waking.wasRead();
    this.#parts.receipts.changed();
    return { status: "ok" };
  }

  async digest(query: api.DigestQuery): Promise<api.Digest> {
    return await this.#parts.digests.of(this.#parts.talks.asked(query));
  }

  history(query: api.HistoryQuery): Promise<api.HistoryPage> {
    return this.#parts.views.history(query);
  }

  frames(query: api.FramesQuery): Promise<api.FramesPage> {
    return this.#parts.frames.page(query);
  }

  async message(query: api.MessageQuery): Promise<api.OneMessage> {
    const { people, shown, lookup, talks } = this.#parts;
    people.checkAuthor(query);
    const found = await lookup.find(talks.meant(query));
    const [message = found] = shown.all([found]);
    return { message };
  }

  sent({ limit }: api.SentQuery): api.SentPage {
    const { stored } = this.#parts;
    return sentPage(stored.sends.last(limit), this.#parts);
  }

  files = (query: api.FilesQuery) => this.#parts.fileDesk.list(query);

  get fileApi(): FileApi {
    return this.#parts.fileDesk;
  }

  search(query: api.SearchQuery): api.MessagesPage {
    const { shown, stored, talks } = this.#parts;
    return shown.page(stored.mailbox.search(talks.meant(query)));
  }

  contacts(): api.ContactsPage {
    return this.#parts.people.all();
  }

  mute({ agent }: api.AgentRequest): api.ContactDone {
    return this.#parts.desk.mute(agent);
  }

  unmute({ agent }: api.AgentRequest): api.ContactDone {
    return this.#parts.people.unmute(agent);
  }

  pin(request: api.PinRequest): api.ContactDone {
    return this.#parts.people.pin(request);
  }

  unpin({ agent }: api.AgentRequest): api.ContactDone {
    return this.#parts.people.unpin(agent);
  }

  requests(): api.RequestsPage {
    return this.#parts.desk.all();
  }

  accept(request: api.AgentRequest): Promise<api.RequestDone> {
    return this.#parts.desk.accept(request);
  }

  drop_request(request: api.AgentRequest): api.RequestDone {
    return this.#parts.desk.drop(request);
  }

  wake(query: api.WakeQuery, signal: AbortSignal): Promise<api.WakeAnswer> {
    const { signal: closed } = this.#closed;
    return this.#parts.waking.wake(query, AbortSignal.any([signal, closed]));
  }

  /** For who brings wakes to programs itself. */
  get wakes(): Pick<Waking, "due" | "came" | "lost"> {
    return this.#parts.waking;
  }

  human(): api.HumanDone {
    this.#parts.waking.human();
    return { status: "ok" };
  }

  page = (): api.PageLink => ({ url: this.#options.openPage() });

  subscribe(listener: (message: api.ReceivedMessage) => void): () => void {
    return this.#parts.waiters.subscribe(listener);
  }

  handover(): Promise<api.HandingOver> {
    return this.#parts.ending.handover();
  }

  stop(): api.Stopping {
    return this.#parts.ending.stop();
  }

  #connected(): void {
    const { runner, inbox, pairs, presences, sealed, hearing } = this.#parts;
    const { receipts, intake } = this.#parts;
    for (const part of [runner, inbox, pairs, presences, sealed, intake]) {
      part.connected();
    }
    hearing.tellLost();
    receipts.changed();
  }

  #disconnected(): void {
    const { runner, pairs } = this.#parts;
    pairs.disconnected();
    runner.disconnected();
  }

  #dropped(reason: string): void {
    this.#unread++;
    this.#options.log.debug("frame dropped", { reason });
  }
}
