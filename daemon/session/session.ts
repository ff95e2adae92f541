import { Failure } from "../../lib/errors.ts";
import type { AgentApi, FileApi } from "../../lib/local_api/agent_api.ts";
import type { AnswerOf, RequestOf } from "../../lib/local_api/operations.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { HeardEvents } from "./heard_events.ts";
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
  /** What a part of it has to tell: the one way up. */
  readonly #events: HeardEvents;

  /**
   * Opens the mailbox; dials only when {@link start} is called. A damaged or unwritable file is a warning.
   *
   * @throws Failure FILE_TROUBLE where a newer program wrote it, or it can't be read.
   */
  constructor(options: SessionOptions) {
    this.#options = options;
    const { signal: closed } = this.#closed;
    this.#parts = makeParts({
      ...{ options, closed },
      heard: (event) => this.#events.take(event),
    });
    this.#events = new HeardEvents(this.#parts, options.log);
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
    const { outbox, reconnect, runner, stored, receipts } = this.#parts;
    this.#closed.abort();
    receipts.close();
    outbox.close();
    reconnect.stop();
    runner.close();
    stored.database.close();
  }

  status(): AnswerOf<"status"> {
    return sessionStatus(this.#options, this.#parts, this.#events.dropped);
  }

  identity(): AnswerOf<"identity"> {
    const { agentId, agentName } = this.#options.settings;
    return { id: agentId, name: agentName };
  }

  async rooms(query: RequestOf<"rooms">): Promise<AnswerOf<"rooms">> {
    const { reconnect, stored, sealed } = this.#parts;
    return await listRooms(reconnect.connected(), {
      query,
      isPrivate: (room) => sealed.isPrivate(room),
      isJoined: (room) => stored.rooms.get(room)?.joined ?? false,
    });
  }

  members({ room }: RequestOf<"members">): Promise<AnswerOf<"members">> {
    return this.#parts.views.members(room);
  }

  create(request: RequestOf<"create">): Promise<AnswerOf<"create">> {
    const { requests, privates } = this.#parts;
    checkPublicName(request.room);
    return (request.private ? privates : requests).create(request);
  }

  join({ room }: RequestOf<"join">): Promise<AnswerOf<"join">> {
    checkPublicName(room);
    return this.#parts.requests.join(room);
  }

  join_private(
    request: RequestOf<"join_private">,
  ): Promise<AnswerOf<"join_private">> {
    return this.#parts.privates.join(request);
  }

  recover(request: RequestOf<"recover">): Promise<AnswerOf<"recover">> {
    return this.#parts.recovery.recover(request);
  }

  member(request: RequestOf<"member">): Promise<AnswerOf<"member">> {
    return this.#parts.members.member(request);
  }

  leave(request: RequestOf<"leave">): Promise<AnswerOf<"leave">> {
    const { room } = request;
    const { requests, privates, sealed } = this.#parts;
    checkNoTalk(room);
    return sealed.isPrivate(room)
      ? privates.leave(request)
      : requests.leave(room);
  }

  /** @throws Failure NOT_IN_ROOM, NOT_CONNECTED or ROOM_NOT_JOINED: nobody is invited to where this agent is not. */
  invite(request: RequestOf<"invite">): Promise<AnswerOf<"invite">> {
    return this.#parts.invites.write(request);
  }

  async attest(request: RequestOf<"attest">): Promise<AnswerOf<"attest">> {
    const { attest, settings } = this.#options;
    return { by: settings.agentId, signature: await attest(request) };
  }

  async send(request: RequestOf<"send">): Promise<AnswerOf<"send">> {
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
    query: RequestOf<"messages">,
    signal: AbortSignal,
  ): Promise<AnswerOf<"messages">> {
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

  count(query: RequestOf<"count">): AnswerOf<"count"> {
    return {
      count: this.#parts.stored.mailbox.count(this.#parts.talks.asked(query)),
    };
  }

  read(request: RequestOf<"read">): AnswerOf<"read"> {
    const { stored, talks } = this.#parts;
    stored.read(talks.meant(request));
    this.#parts.waking.wasRead();
    this.#parts.receipts.changed();
    return { status: "ok" };
  }

  async digest(query: RequestOf<"digest">): Promise<AnswerOf<"digest">> {
    return await this.#parts.digests.of(this.#parts.talks.asked(query));
  }

  history(query: RequestOf<"history">): Promise<AnswerOf<"history">> {
    return this.#parts.views.history(query);
  }

  frames(query: RequestOf<"frames">): Promise<AnswerOf<"frames">> {
    return this.#parts.frames.page(query);
  }

  async message(query: RequestOf<"message">): Promise<AnswerOf<"message">> {
    const { people, shown, lookup, talks } = this.#parts;
    people.checkAuthor(query);
    const found = await lookup.find(talks.meant(query));
    const [message = found] = shown.all([found]);
    return { message };
  }

  sent({ limit }: RequestOf<"sent">): AnswerOf<"sent"> {
    const { stored } = this.#parts;
    return sentPage(stored.sends.last(limit), this.#parts);
  }

  files = (query: RequestOf<"files">) => this.#parts.fileDesk.list(query);

  get fileApi(): FileApi {
    return this.#parts.fileDesk;
  }

  search(query: RequestOf<"search">): AnswerOf<"search"> {
    const { shown, stored, talks } = this.#parts;
    return shown.page(stored.mailbox.search(talks.meant(query)));
  }

  contacts(): AnswerOf<"contacts"> {
    return this.#parts.people.all();
  }

  mute({ agent }: RequestOf<"mute">): AnswerOf<"mute"> {
    return this.#parts.desk.mute(agent);
  }

  unmute({ agent }: RequestOf<"unmute">): AnswerOf<"unmute"> {
    return this.#parts.people.unmute(agent);
  }

  pin(request: RequestOf<"pin">): AnswerOf<"pin"> {
    return this.#parts.people.pin(request);
  }

  unpin({ agent }: RequestOf<"unpin">): AnswerOf<"unpin"> {
    return this.#parts.people.unpin(agent);
  }

  requests(): AnswerOf<"requests"> {
    return this.#parts.desk.all();
  }

  accept(request: RequestOf<"accept">): Promise<AnswerOf<"accept">> {
    return this.#parts.desk.accept(request);
  }

  drop_request(request: RequestOf<"drop_request">): AnswerOf<"drop_request"> {
    return this.#parts.desk.drop(request);
  }

  wake(
    query: RequestOf<"wake">,
    signal: AbortSignal,
  ): Promise<AnswerOf<"wake">> {
    const { signal: closed } = this.#closed;
    return this.#parts.waking.wake(query, AbortSignal.any([signal, closed]));
  }

  /** For who brings wakes to programs itself. */
  get wakes(): Pick<Waking, "due" | "came" | "lost"> {
    return this.#parts.waking;
  }

  human(): AnswerOf<"human"> {
    this.#parts.waking.human();
    return { status: "ok" };
  }

  page = (): AnswerOf<"page"> => ({ url: this.#options.openPage() });

  subscribe(listener: (message: ReceivedMessage) => void): () => void {
    return this.#parts.waiters.subscribe(listener);
  }

  handover(): Promise<AnswerOf<"handover">> {
    return this.#parts.ending.handover();
  }

  stop(): AnswerOf<"stop"> {
    return this.#parts.ending.stop();
  }
}
