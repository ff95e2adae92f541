import type { AgentFrame, RoomSummary } from "../../lib/protocol/frames.ts";
import { unreachable } from "../../lib/protocol/frames.ts";
import type { ClusterView } from "../../lib/admin_api/cluster_status.ts";
import type { RemovedOfRoom, StoreReady } from "../store/contract.ts";
import type { BlobAsk } from "./edge/blob_requests.ts";
import { type CoreOptions, makeCoreParts } from "./core_parts.ts";
import type { EdgeCore } from "./edge/edge_core.ts";
import type { EffectQueue, NewRequest, OnAnswer } from "./effects.ts";
import type { ConnId, CoreEvent, Effect, Now } from "./events.ts";
import type { ClusterLog } from "./log/cluster_log.ts";
import type { OpLog } from "./log/op_log.ts";
import { replicaRows } from "./log/replica.ts";
import { operatorView } from "./operator_view.ts";
import type { RoomPage, RoomQuery } from "./rooms/room_index.ts";
import { summaryOf } from "./replies.ts";
import { type RoomPeople, roomPeople } from "./rooms/room_people.ts";
import type { RoomsCore } from "./rooms/rooms_core.ts";
import type { CoreSettings } from "./settings.ts";
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
 * The relay's rules: events in, effects out, nothing awaited and no time read but what it is given. What connections say
 * becomes ops ({@link EdgeCore}), the log puts them in order, and rooms go by them ({@link RoomsCore}).
 */
export class RelayCore {
  readonly tally: Tally;
  readonly #effects: EffectQueue;
  readonly #edge: EdgeCore;
  readonly #rooms: RoomsCore;
  readonly #log: OpLog;
  readonly #cluster: ClusterLog | null;
  /** The time of the step under way. */
  #now: Now = { wall: 0, mono: 0 };

  constructor(options: CoreOptions) {
    const parts = makeCoreParts(options, () => this.#now);
    this.tally = parts.tally;
    this.#effects = parts.effects;
    this.#edge = parts.edge;
    this.#rooms = parts.rooms;
    this.#log = parts.log;
    this.#cluster = parts.cluster;
  }

  /** Takes over the rooms and nonces on disk; before any other event. Each room waits for its members for the grace time. */
  restore(ready: StoreReady, now: Now): Effect[] {
    this.#edge.nonces.restore(ready.nonces);
    if (this.#cluster === null) this.#rooms.restore(ready, now);
    else this.#restoreView(this.#cluster, ready, now);
    return this.#effects.take();
  }

  #restoreView(cluster: ClusterLog, ready: StoreReady, now: Now): void {
    const { view } = ready;
    if (view === undefined) throw new TypeError("the store has no view");
    const { nodes, ...rows } = replicaRows(view.entries);
    const time = { wall: view.at, mono: view.at };
    this.#rooms.restoreView(ready, rows, time);
    cluster.restore(view, nodes, now);
  }

  /** The store removed messages of rooms that go on. */
  removed(rooms: readonly RemovedOfRoom[]): void {
    this.#rooms.removed(rooms);
  }

  /** Who may be let in from now on, also of those whose login is under way; those who are in stay. */
  admit(lists: Pick<CoreSettings, "allow" | "deny">): Effect[] {
    this.#edge.admit(lists);
    return this.#effects.take();
  }

  step(event: CoreEvent, now: Now): Effect[] {
    this.#now = now;
    switch (event.kind) {
      case "opened":
        this.#edge.opened(event.conn, event.address, now);
        break;
      case "frame":
      case "refused":
      case "forged":
        this.#edge.heard(event, now);
        break;
      case "answer":
        this.#effects.answered(event.answer, now);
        break;
      case "tick":
        this.#edge.tick(now);
        this.#log.tick(now);
        break;
      case "closed":
        this.#edge.closed(event.conn, now);
        break;
      case "log":
        this.#cluster?.heard(event.said, now);
        break;
      case "log_again":
        this.#cluster?.followAgain();
        break;
      default:
        unreachable(event);
    }
    return this.#effects.take();
  }

  /** Whose signature a frame must bear; "" for one that is nobody yet. */
  signer(conn: ConnId, frame: AgentFrame): string {
    return this.#edge.signer(conn, frame);
  }

  /** Frames of the connection that have no outcome yet: what back-pressure goes by. */
  backlog(conn: ConnId): number {
    return this.#edge.backlog(conn);
  }

  /** Why a relay of a cluster does not serve; null when it does, as one that is alone. */
  get trouble(): string | null {
    return this.#cluster?.trouble ?? null;
  }

  /** So much waits for the log that no more frames should be handled. */
  get isFull(): boolean {
    return this.#cluster?.isFull ?? false;
  }

  /** How a cluster's relay stands; null for one that is alone. */
  cluster(): ClusterView | null {
    return this.#cluster?.view() ?? null;
  }

  /** The agent that has logged in over the connection; "" before that. */
  agent(conn: ConnId): string {
    return this.#edge.agent(conn);
  }

  /** Milliseconds that an address stays blocked; 0 when it isn't. */
  blockedFor(address: string, now: Now): number {
    return this.#edge.blockedFor(address, now);
  }

  /** Counts a REST request; milliseconds to wait, 0 when it may go on. */
  restWait(address: string, now: Now): number {
    return this.#edge.restWait(address, now);
  }

  /** Counts what REST sent to an address. */
  restSent(address: string, bytes: number, now: Now): void {
    this.#edge.restSent(address, bytes, now);
  }

  /** A page of the open rooms, for REST. */
  rooms(query: RoomQuery): RoomPage {
    return this.#rooms.page(query);
  }

  hasRoom(name: string): boolean {
    return this.#rooms.room(name) !== undefined;
  }

  /** A room as lists show it; undefined where there is none such. */
  summary(name: string): RoomSummary | undefined {
    const room = this.#rooms.room(name);
    return room && summaryOf(room);
  }

  /** Who is in a room, at any relay; undefined where there is none such. */
  people(name: string): RoomPeople | undefined {
    const room = this.#rooms.room(name);
    return room && roomPeople(room);
  }

  /** Asks the store for a page of history on behalf of REST. */
  restHistory(request: NewRequest, onAnswer: OnAnswer): Effect[] {
    this.#effects.store(request, onAnswer);
    return this.#effects.take();
  }

  /** What is asked for a file. */
  blob(ask: BlobAsk, now: Now): Effect[] {
    this.#now = now;
    this.#edge.blobs.ask(ask, now);
    return this.#effects.take();
  }

  /** Whether only listed agents are admitted. */
  get isPrivate(): boolean {
    return this.#edge.isPrivate;
  }

  /** Who is here and which rooms are open. */
  view(now: Now): ReturnType<typeof operatorView> {
    return operatorView(this.#rooms, this.#log.time(now).mono);
  }

  /** Whether the agent is logged in, at whichever relay. */
  hasAgent(agent: string): boolean {
    return this.#rooms.hasAgent(agent);
  }

  /** Whether an operator of the cluster refuses the agent. */
  isBanned(agent: string): boolean {
    return this.#rooms.isBanned(agent);
  }

  /** Has every relay of the cluster refuse an agent, and end its connection, or admit it again. */
  ban(agent: string, isBanned: boolean, now: Now): Effect[] {
    this.#now = now;
    this.#log.submit({ op: "ban", agent, isBanned }, now);
    return this.#effects.take();
  }

  /** Ends an agent's connection; no effects when it has none. It may log in again unless it is refused. */
  kick(agent: string, now: Now): Effect[] {
    this.#now = now;
    this.#log.submit({ op: "kick", agent }, now);
    return this.#effects.take();
  }

  /** Ends a room and its history; no effects when there is none such. */
  closeRoom(room: string, now: Now): Effect[] {
    this.#now = now;
    this.#log.submit({ op: "close", room }, now);
    return this.#effects.take();
  }

  sizes(): CoreSizes {
    return {
      ...this.#rooms.sizes(),
      ...this.#edge.sizes(),
      waiting: this.#effects.waiting,
    };
  }
}
