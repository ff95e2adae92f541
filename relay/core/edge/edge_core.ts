import type { AgentFrame } from "../../../lib/protocol/frames.ts";
import { CLOSE, type ConnId, type Now } from "../events.ts";
import type { SeatOp } from "../log/op.ts";
import type { Asked } from "../log/submitter.ts";
import { storageTrouble } from "../refusals.ts";
import type { Seat } from "../rooms/seat.ts";
import type { CoreSettings } from "../settings.ts";
import { Admission } from "./admission.ts";
import { Connection, type FrameEvent } from "./connection.ts";
import { type EdgeOptions, EdgeState } from "./edge_state.ts";
import { BlobRequests } from "./blob_requests.ts";
import { DirectRequests } from "./direct_requests.ts";
import { FrameDispatch } from "./frame_dispatch.ts";
import { MessageRequests } from "./message_requests.ts";
import { countObserved } from "./observed.ts";
import { RoomRequests } from "./room_requests.ts";

/**
 * The rules of connections: the handshake, the order of a connection's frames, and what is refused before it comes to
 * the rooms. The frames of one connection take effect in order: all but messages wait until everything before them has
 * its outcome.
 */
export class EdgeCore {
  /** Files, which come over no connection of a seat. */
  readonly blobs: BlobRequests;
  readonly #state: EdgeState;
  readonly #admission: Admission;
  readonly #frames: FrameDispatch;
  readonly #directs: DirectRequests;
  /** The connection whose frame is being handled: what waits behind it is looked at afterwards. */
  #handled: Connection | null = null;
  #lastSweep = 0;

  constructor(options: EdgeOptions) {
    const state = this.#state = new EdgeState(options);
    this.#admission = new Admission(state);
    this.blobs = new BlobRequests(state);
    this.#directs = new DirectRequests(state);
    this.#frames = new FrameDispatch({
      ...{ state, directs: this.#directs },
      admission: this.#admission,
      rooms: new RoomRequests(state),
      messages: new MessageRequests(
        state,
        (conn, now) => this.#resume(conn, now),
      ),
    });
  }

  get nonces(): EdgeState["nonces"] {
    return this.#state.nonces;
  }

  opened(conn: ConnId, address: string, now: Now): void {
    const { connections } = this.#state;
    connections.set(conn, new Connection(conn, address, now.mono));
  }

  heard(event: FrameEvent, now: Now): void {
    const conn = this.#state.connections.get(event.conn);
    if (conn === undefined) return;
    conn.lastHeard = now.mono;
    const isNext = conn.deferred.length === 0 && mayGoOn(conn, event);
    if (isNext) this.#handle(conn, event, now);
    else conn.deferred.push(event);
  }

  closed(id: ConnId, now: Now): void {
    const conn = this.#state.connections.get(id);
    if (conn !== undefined) this.#admission.forget(conn, now);
  }

  entered(seat: Seat, now: Now): void {
    const conn = this.#state.connections.get(seat.conn);
    if (conn === undefined) return;
    this.#admission.entered(conn);
    this.#directs.deliver(conn, now);
  }

  ended(
    id: ConnId,
    { code, reason }: { readonly code: number; readonly reason: string },
  ): void {
    const conn = this.#state.connections.get(id);
    if (conn === undefined) return;
    this.#state.connections.delete(id);
    conn.deferred = [];
    this.#state.close(conn, code, reason);
  }

  settled(op: SeatOp, now: Now): void {
    const conn = this.#state.connections.get(op.conn);
    if (conn === undefined || op.op === "drop") return;
    conn.pending--;
    if (op.op !== "message") conn.moves--;
    this.#resume(conn, now);
  }

  /** Another relay took this in: it counts here too, so that limits are those of all relays together. */
  observed(op: SeatOp, now: Now): void {
    countObserved(this.#state, op, now);
  }

  /** What was asked for can't be done just now. */
  takenBack(op: Asked, now: Now): void {
    const conn = this.#state.connections.get(op.conn);
    if (conn === undefined) return;
    const ref = "id" in op ? op.id : op.nonce;
    this.#state.refuse(conn, storageTrouble(), ref);
    this.settled(op, now);
  }

  /** All who are in, or on their way in, are told to go elsewhere. */
  endAll(reason: string, now: Now): void {
    for (const conn of [...this.#state.connections.values()]) {
      this.#admission.drop(conn, { code: CLOSE.goingAway, reason, now });
    }
  }

  tick(now: Now): void {
    this.#admission.sweep(now);
    this.blobs.tick(now);
    if (now.mono - this.#lastSweep < SWEEP_MS) return;
    this.#lastSweep = now.mono;
    const { nonces, limits, failedLogins } = this.#state;
    nonces.sweep(now);
    limits.sweep(now.mono);
    failedLogins.sweep(now.mono);
  }

  /** Who may be let in from now on, also of those whose login is under way; those who are in stay. */
  admit(lists: Pick<CoreSettings, "allow" | "deny">): void {
    const { allow: _allow, ...rest } = this.#state.settings;
    this.#state.settings = { ...rest, ...lists };
    this.#admission.recheck();
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

  /** Frames of the connection that have no outcome yet; `Infinity` while its login has none. */
  backlog(id: ConnId): number {
    const conn = this.#state.connections.get(id);
    if (conn === undefined) return 0;
    return conn.stage.kind === "entering"
      ? Infinity
      : conn.pending + conn.deferred.length;
  }

  /** The agent that has logged in over the connection; "" before that. */
  agent(id: ConnId): string {
    const conn = this.#state.connections.get(id);
    return conn?.isIn === true ? conn.agent : "";
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

  /** Whether only listed agents are admitted. */
  get isPrivate(): boolean {
    return this.#state.settings.allow !== undefined;
  }

  /** How many rows its tables have. */
  sizes(): Record<
    "agents" | "connections" | "nonces" | "limits" | "failedLogins",
    number
  > {
    const { connections, nonces, limits, failedLogins } = this.#state;
    let agents = 0;
    for (const { isIn } of connections.values()) if (isIn) agents++;
    return {
      agents,
      connections: connections.size,
      nonces: nonces.size,
      limits: limits.size,
      failedLogins: failedLogins.size,
    };
  }

  #handle(conn: Connection, event: FrameEvent, now: Now): void {
    const outer = this.#handled;
    this.#handled = conn;
    try {
      this.#frames.handle(conn, event, now);
    } finally {
      this.#handled = outer;
    }
  }

  /** Handles what waited, as far as it may go on now. */
  #resume(conn: Connection, now: Now): void {
    if (conn === this.#handled) return;
    for (;;) {
      const [event] = conn.deferred;
      if (event === undefined || !mayGoOn(conn, event)) return;
      conn.deferred.shift();
      this.#handle(conn, event, now);
    }
  }
}

/** How often tables are rid of what has expired. */
const SWEEP_MS = 10_000;

/** Messages follow one another to the log; everything else waits for their outcome, and they wait for its. */
function mayGoOn(conn: Connection, event: FrameEvent): boolean {
  const isMessage = event.kind === "frame" && event.frame.type === "message";
  return conn.pending === 0 || (isMessage && conn.moves === 0);
}
