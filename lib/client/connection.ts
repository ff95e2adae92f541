import { Failure } from "../errors.ts";
import type { DirectAck } from "../protocol/direct_frames.ts";
import {
  type Feature,
  FEATURES,
  type RelayFrame,
  type RoomHistoryResult,
  type RoomJoined,
  type RoomLeft,
  type RoomsListResult,
  type Welcome,
} from "../protocol/frames.ts";
import type { Marks } from "../protocol/marks_frames.ts";
import type {
  Presence,
  RoomPresenceResult,
} from "../protocol/presence_frames.ts";
import { ClockSkew } from "./clock_skew.ts";
import type {
  ConnectOptions,
  OutgoingDirect,
  OutgoingMessage,
  SendOutcome,
} from "./connection_types.ts";
import { sendDirect } from "./send_direct.ts";
import { sendMessage } from "./send_message.ts";
import { ConnectionCore } from "./connection_core.ts";
import type { Question } from "./exchange.ts";
import { handshake } from "./handshake.ts";
import { Inbox } from "./inbox.ts";
import { createRoom, joinedTo } from "./create_room.ts";
import {
  type HistoryQuery,
  type ListQuery,
  Outgoing,
  type RoomPlan,
} from "./outgoing.ts";
import { relayText } from "./relay_text.ts";
import { wireRoom } from "./wire_room.ts";

/** From a question to OUTCOME_UNKNOWN, in milliseconds. */
const ANSWER_LIMIT_MS = 10_000;
/** The same for what is receipted: a message, a leave. */
const RECEIPT_LIMIT_MS = 5_000;

/**
 * Dials a relay and logs in. Rejects with a `Failure` (NOT_CONNECTED, POW_TOO_HARD, POW_TIMEOUT or the relay's
 * refusal), or with the signal's reason; then no event but `dropped` and `proving` was called. The signal ends
 * connecting alone, not the connection.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { url, features, clock, events, findProof, signal } = options;
  const inbox = new Inbox({
    clock,
    dropped: (reason) => events.dropped(reason),
  });
  const outgoing = new Outgoing(options);
  const skew = new ClockSkew(clock);
  try {
    inbox.open(await options.dial(url, inbox, signal));
    const welcome = await handshake({
      ...{ url, features, inbox, outgoing, skew, clock },
      ...{ events, findProof, signal },
    });
    return new Connection(options, { inbox, outgoing, skew, welcome });
  } catch (error) {
    inbox.close(1000, "login not finished");
    if (signal.aborted) throw signal.reason;
    throw Failure.from(error);
  }
}

/** What connecting has come to. */
interface LoggedIn {
  readonly inbox: Inbox;
  readonly outgoing: Outgoing;
  readonly skew: ClockSkew;
  readonly welcome: Welcome;
}

/**
 * One login at one relay. Operations run one at a time, in the order of the calls; each rejects with a `Failure`,
 * NOT_CONNECTED when nothing was handed to the line, OUTCOME_UNKNOWN when it was and no answer came. A question changes
 * nothing: it is RELAY_SILENT when no answer came in time, NOT_CONNECTED when the line was gone first.
 */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #outgoing: Outgoing;
  readonly #skew: ClockSkew;
  readonly #core: ConnectionCore;
  /** The relay's name for itself, as `welcome` gave it; the address dialled when it gave none. */
  readonly relay: string;
  /** Extensions that the relay announced and that were asked for. */
  readonly features: ReadonlySet<Feature>;

  constructor(options: ConnectOptions, login: LoggedIn) {
    const { welcome } = login;
    this.#options = options;
    this.#outgoing = login.outgoing;
    this.#skew = login.skew;
    this.relay = relayText(welcome.relay) || options.url;
    this.features = new Set(
      FEATURES.filter((feature) =>
        options.features.includes(feature) &&
        welcome.features.includes(feature)
      ),
    );
    this.#core = new ConnectionCore(options, login.inbox);
  }

  /** Monotonic time of the last pong, in milliseconds; `welcome` counts as the first. */
  get lastPongAt(): number {
    return this.#core.lastPongAt;
  }

  /** Milliseconds that this host's wall clock is ahead of the relay's, negative when behind; undefined when unknown. */
  get clockSkewMs(): number | undefined {
    return this.#skew.ms;
  }

  /** Makes a room and enters it; finds the proof of work that the relay asks for. */
  create(
    plan: RoomPlan,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<RoomJoined> {
    return this.#core.run(
      (core) =>
        createRoom({ ...plan, room: wireRoom(plan.room) }, {
          core,
          outgoing: this.#outgoing,
          skew: this.#skew,
          clock: this.#options.clock,
          findProof: this.#options.findProof,
          limitMs: ANSWER_LIMIT_MS,
          ...(signal === undefined ? {} : { signal }),
        }),
      signal,
    );
  }

  /** Enters a room; being in it already is no error. */
  join(name: string): Promise<RoomJoined> {
    return this.#core.run(async (core) => {
      const room = wireRoom(name);
      return await core.ask({
        frame: await core.alive(this.#outgoing.join(room)),
        match: joinedTo(room),
        limitMs: ANSWER_LIMIT_MS,
        room,
      });
    });
  }

  /**
   * Leaves a room; a Go relay takes it in silence even from one who is not in.
   *
   * @returns what becomes of the room, from a relay with `left`
   */
  leave(name: string): Promise<RoomLeft | undefined> {
    return this.#core.run(async (core) => {
      const room = wireRoom(name);
      const left = await core.ask<RoomLeft | null>({
        frame: await core.alive(this.#outgoing.leave(room)),
        match: (frame) =>
          frame.type === "room.left" && frame.room === room ? frame : undefined,
        receipt: null,
        limitMs: RECEIPT_LIMIT_MS,
        room,
      });
      return left ?? undefined;
    });
  }

  /**
   * Sends a message: on a relay with `ack` accepted means stored, on others that the relay took it without an
   * error. Rejects when it was refused or never handed over.
   */
  send(message: OutgoingMessage): Promise<SendOutcome> {
    const { features } = this;
    const { clock } = this.#options;
    return this.#core.run((core) =>
      sendMessage(message, {
        ...{ core, outgoing: this.#outgoing, skew: this.#skew },
        ...{ features, clock, limitMs: RECEIPT_LIMIT_MS },
      })
    );
  }

  /**
   * Sends to one agent, with the proof of work that is due from one whom it does not know; UNKNOWN_TYPE on a relay
   * without `direct`. Accepted means stored; else as {@link send}.
   */
  direct(message: OutgoingDirect): Promise<SendOutcome> {
    return this.#core.run(async (core) => {
      if (!this.features.has("direct")) throw new Failure("UNKNOWN_TYPE");
      const { clock, findProof } = this.#options;
      return await sendDirect(message, {
        ...{ core, outgoing: this.#outgoing, clock, findProof },
        limitMs: RECEIPT_LIMIT_MS,
      });
    });
  }

  /** Says which messages of the inbox this agent has, and whom it knows; on the line when it resolves. */
  directAck(had: Pick<DirectAck, "messages" | "knows">): Promise<void> {
    return this.#core.run(async (core) => {
      core.tell(await core.alive(this.#outgoing.directAck(had)));
    });
  }

  /** A page of the relay's rooms. */
  list(query: ListQuery = {}): Promise<RoomsListResult> {
    return this.#core.run((core) =>
      asked(core, {
        frame: this.#outgoing.list(query),
        match: (frame) =>
          frame.type === "rooms.list.result" ? frame : undefined,
        limitMs: ANSWER_LIMIT_MS,
      })
    );
  }

  /** A page of a room's past, oldest first; UNKNOWN_TYPE on a relay without `history`. */
  history(query: HistoryQuery): Promise<RoomHistoryResult> {
    return this.#core.run(async (core) => {
      if (!this.features.has("history")) throw new Failure("UNKNOWN_TYPE");
      const room = wireRoom(query.room);
      const ofRoom = (frame: RelayFrame) =>
        frame.type === "room.history.result" && frame.room === room
          ? frame
          : undefined;
      return await asked(core, {
        frame: await core.alive(this.#outgoing.history({ ...query, room })),
        match: ofRoom,
        limitMs: ANSWER_LIMIT_MS,
        room,
      });
    });
  }

  /** Who of a room's members is here; UNKNOWN_TYPE on a relay without `presence`. */
  presence(name: string): Promise<RoomPresenceResult> {
    return this.#core.run(async (core) => {
      if (!this.features.has("presence")) throw new Failure("UNKNOWN_TYPE");
      const room = wireRoom(name);
      return await asked(core, {
        frame: this.#outgoing.roomPresence(room),
        match: (frame) =>
          frame.type === "room.presence.result" && frame.room === room
            ? frame
            : undefined,
        limitMs: ANSWER_LIMIT_MS,
        room,
      });
    });
  }

  /** Says whether this agent's model can be woken, on a relay that passes it on. */
  tellPresence(presence: Omit<Presence, "type">): void {
    if (!this.features.has("presence")) return;
    this.#core.tell(this.#outgoing.presence(presence));
  }

  /** Tells authors that their messages arrived or were shown, on a relay that passes it on; nothing answers. */
  async tellMarks(marks: Pick<Marks, "room" | "marks">): Promise<void> {
    if (!this.features.has("marks")) return;
    const core = this.#core;
    core.tell(await core.alive(this.#outgoing.marks(marks)));
  }

  /** Asks for a sign of life, past what waits; resolves to the round trip in milliseconds. */
  ping(): Promise<number> {
    return this.#core.ping();
  }

  /** Ends the connection; what was handed over and not answered has no known outcome. */
  close(): void {
    this.#core.close();
  }
}

/** Asks what changes nothing: without an answer it can simply be asked again. */
async function asked<T>(
  core: ConnectionCore,
  question: Question<T>,
): Promise<T> {
  try {
    return await core.ask(question);
  } catch (error) {
    const isUnknown = error instanceof Failure &&
      error.code === "OUTCOME_UNKNOWN";
    if (!isUnknown) throw error;
    core.endSignal.throwIfAborted();
    throw new Failure("RELAY_SILENT", { cause: error });
  }
}
