import type { AgentFrame } from "../../lib/protocol/frames.ts";
import { unreachable } from "../../lib/protocol/frames.ts";
import type { RemovedOfRoom, StoreReady } from "../store/contract.ts";
import { Admission } from "./edge/admission.ts";
import { Connection, type FrameEvent } from "./edge/connection.ts";
import {
  CLOSE,
  type ConnId,
  type CoreEvent,
  type Effect,
  type Now,
} from "./events.ts";
import { FrameDispatch } from "./edge/frame_dispatch.ts";
import { type AskStore, Membership } from "./rooms/membership.ts";
import { Messages } from "./rooms/messages.ts";
import { operatorView } from "./operator_view.ts";
import { RESTORED } from "./rooms/room.ts";
import { RoomEnding } from "./rooms/room_ending.ts";
import type { RoomPage, RoomQuery } from "./rooms/room_index.ts";
import type { CoreSettings } from "./settings.ts";
import { CoreState, type StateOptions } from "./state.ts";
import type { Tally } from "./tally.ts";

/** How many rows the core's tables hold; what comes must go. */
export interface CoreSizes {
  readonly connections: number;
  readonly agents: number;
  readonly rooms: number;
  readonly emptyRooms: number;
  readonly nonces: number;
  readonly ages: number;
  readonly limits: number;
  readonly failedLogins: number;
  readonly waiting: number;
}

/**
 * The relay's rules: events in, effects out, nothing awaited and no time read but what it is given. The frames of one
 * connection take effect in order: all but messages wait until everything before them is stored.
 */
export class RelayCore {
  readonly #state: CoreState;
  readonly #ending: RoomEnding;
  readonly #admission: Admission;
  readonly #membership: Membership;
  readonly #frames: FrameDispatch;
  #lastSweep = 0;

  constructor(options: StateOptions) {
    const state = this.#state = new CoreState(options);
    const ask: AskStore = (conn, request, onAnswer) => {
      conn.pending++;
      state.store(request, (answer, now) => {
        conn.pending--;
        onAnswer(answer, now);
        this.#resume(conn, now);
      });
    };
    this.#ending = new RoomEnding(state);
    const membership = this.#membership = new Membership(
      { state, ending: this.#ending, ask },
    );
    const admission = this.#admission = new Admission(state, membership);
    const messages = new Messages(state, ask);
    this.#frames = new FrameDispatch({
      state,
      admission,
      membership,
      messages,
    });
  }

  /** Takes over the rooms and nonces on disk; before any other event. Each room waits for its members for the grace time. */
  restore(ready: StoreReady, now: Now): void {
    const { rooms, nonces, settings, closedNames } = this.#state;
    nonces.restore(ready.nonces);
    closedNames.restore(ready.closed);
    for (const stored of ready.rooms) {
      const room = rooms.open({
        name: stored.name,
        topic: stored.topic,
        tags: stored.tags,
        createdBy: stored.created_by,
        createdAt: stored.created_at,
        createdFrom: stored.created_from,
        lastActive: stored.last_active,
        messages: stored.messages,
        bytes: stored.bytes,
        ...(stored.empty_since === undefined
          ? {}
          : { emptySince: stored.empty_since }),
      });
      room.graced.set(RESTORED, now.mono + settings.roomGraceMs);
    }
    this.#ending.restored(ready.rooms, now);
  }

  /** The store removed messages of rooms that go on. */
  removed(rooms: readonly RemovedOfRoom[]): void {
    for (const { room: name, messages, bytes } of rooms) {
      const room = this.#state.rooms.get(name);
      if (room === undefined) continue;
      const change = { messages: -messages, bytes: -bytes };
      this.#state.emptyRooms.resize(room, change);
    }
  }

  /** Who may be let in from now on, also of those whose login is under way; those who are in stay. */
  admit(lists: Pick<CoreSettings, "allow" | "deny">): Effect[] {
    const { allow: _allow, ...rest } = this.#state.settings;
    this.#state.settings = { ...rest, ...lists };
    this.#admission.recheck();
    return this.#state.takeEffects();
  }

  step(event: CoreEvent, now: Now): Effect[] {
    switch (event.kind) {
      case "opened":
        this.#state.connections.set(
          event.conn,
          new Connection(event.conn, event.address, now.mono),
        );
        break;
      case "frame":
      case "refused":
      case "forged":
        this.#heard(event, now);
        break;
      case "answer":
        this.#state.answered(event.answer, now);
        break;
      case "tick":
        this.#tick(now);
        break;
      case "closed":
        this.#closed(event.conn, now);
        break;
      default:
        unreachable(event);
    }
    return this.#state.takeEffects();
  }

  /** Whose signature a frame must bear: its own hello's, else the connection's agent's; "" for one that is nobody yet. */
  signer(conn: ConnId, frame: AgentFrame): string {
    if (frame.type === "hello") return frame.profile.id;
    const connection = this.#state.connections.get(conn);
    if (connection?.stage.kind === "pow") {
      return connection.stage.hello.profile.id;
    }
    return connection?.agent ?? "";
  }

  /** Frames of the connection that have no outcome yet: what back-pressure goes by. */
  backlog(conn: ConnId): number {
    const connection = this.#state.connections.get(conn);
    return connection === undefined
      ? 0
      : connection.pending + connection.deferred.length;
  }

  /** The agent that has logged in over the connection; "" before that. */
  agent(conn: ConnId): string {
    return this.#state.connections.get(conn)?.agent ?? "";
  }

  /** Milliseconds that an address stays blocked; 0 when it isn't. */
  blockedFor(address: string, now: Now): number {
    return this.#state.failedLogins.blockedFor(address, now.mono);
  }

  /** Counts a REST request; milliseconds to wait, 0 when it may go on. */
  restWait(address: string, now: Now): number {
    return this.#state.limits.rest(address, now.mono);
  }

  /** Counts what REST sent to an address. */
  restSent(address: string, bytes: number, now: Now): void {
    this.#state.limits.restSent(address, bytes, now.mono);
  }

  /** A page of the open rooms, for REST. */
  rooms(query: RoomQuery): RoomPage {
    return this.#state.rooms.page(query);
  }

  hasRoom(name: string): boolean {
    return this.#state.rooms.get(name) !== undefined;
  }

  /** Asks the store for a page of history on behalf of REST. */
  restHistory(
    request: Parameters<CoreState["store"]>[0],
    onAnswer: Parameters<CoreState["store"]>[1],
  ): Effect[] {
    this.#state.store(request, onAnswer);
    return this.#state.takeEffects();
  }

  /** Whether only listed agents are admitted. */
  get isPrivate(): boolean {
    return this.#state.settings.allow !== undefined;
  }

  get tally(): Tally {
    return this.#state.tally;
  }

  /** Who is here and which rooms are open. */
  view(now: Now): ReturnType<typeof operatorView> {
    return operatorView(this.#state, now.mono);
  }

  /** Ends an agent's connection; no effects when it has none. It may log in again unless it is refused. */
  kick(agent: string, now: Now): Effect[] {
    const conn = this.#state.byAgent.get(agent);
    if (conn !== undefined) {
      const reason = "ended by the operator";
      this.#admission.drop(conn, { code: CLOSE.operator, reason, now });
    }
    return this.#state.takeEffects();
  }

  /** Ends a room and its history; no effects when there is none such. */
  closeRoom(name: string, now: Now): Effect[] {
    const room = this.#state.rooms.get(name);
    if (room !== undefined) this.#ending.close(room, now);
    return this.#state.takeEffects();
  }

  sizes(): CoreSizes {
    const { connections, byAgent, rooms, nonces, ages, limits } = this.#state;
    return {
      connections: connections.size,
      agents: byAgent.size,
      rooms: rooms.size,
      emptyRooms: this.#state.emptyRooms.size,
      nonces: nonces.size,
      ages: ages.size,
      limits: limits.size,
      failedLogins: this.#state.failedLogins.size,
      waiting: this.#state.waiting,
    };
  }

  #heard(event: FrameEvent, now: Now): void {
    const conn = this.#state.connections.get(event.conn);
    if (conn === undefined) return;
    conn.lastHeard = now.mono;
    const isNext = conn.deferred.length === 0 && mayGoOn(conn, event);
    if (isNext) this.#frames.handle(conn, event, now);
    else conn.deferred.push(event);
  }

  /** Handles what waited, as far as it may go on now. */
  #resume(conn: Connection, now: Now): void {
    for (;;) {
      const [event] = conn.deferred;
      if (event === undefined || !mayGoOn(conn, event)) return;
      conn.deferred.shift();
      this.#frames.handle(conn, event, now);
    }
  }

  #closed(id: ConnId, now: Now): void {
    const conn = this.#state.connections.get(id);
    if (conn !== undefined) this.#admission.forget(conn, now);
  }

  #tick(now: Now): void {
    this.#admission.sweep(now);
    this.#membership.sweep(now);
    this.#ending.sweep(now);
    if (now.mono - this.#lastSweep < SWEEP_MS) return;
    this.#lastSweep = now.mono;
    const { nonces, ages, limits, failedLogins } = this.#state;
    nonces.sweep(now);
    ages.sweep(now.mono);
    limits.sweep(now.mono);
    failedLogins.sweep(now.mono);
  }
}

/** How often tables are rid of what has expired. */
const SWEEP_MS = 10_000;

/** Messages follow one another to the store; everything else waits for their outcome, and they wait for it. */
function mayGoOn(conn: Connection, event: FrameEvent): boolean {
  const isMessage = event.kind === "frame" && event.frame.type === "message";
  return conn.pending === 0 || isMessage;
}
