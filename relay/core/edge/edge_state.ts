import type { EffectQueue } from "../effects.ts";
import type { ConnId, Now } from "../events.ts";
import type { BlobOp, SeatOp } from "../log/op.ts";
import type { OpLog } from "../log/op_log.ts";
import { errorText, type Refusal } from "../replies.ts";
import type { RoomsCore } from "../rooms/rooms_core.ts";
import type { Seat } from "../rooms/seat.ts";
import type { CoreSettings } from "../settings.ts";
import type { Tally } from "../tally.ts";
import type { Connection } from "./connection.ts";
import { FailedLogins } from "./failed_logins.ts";
import { Limits } from "./limits.ts";
import { NonceUse, type StoreNonce } from "./nonce_use.ts";

export interface EdgeOptions {
  readonly settings: CoreSettings;
  /** Random bytes for challenges. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly effects: EffectQueue;
  readonly tally: Tally;
  /** Read alone: what changes in them goes through the log. */
  readonly rooms: RoomsCore;
  readonly log: OpLog;
  /** Keeps nonces beyond a restart. */
  readonly storeNonce: StoreNonce;
}

/** What the rules of connections share: their tables, and what is said to a connection. */
export class EdgeState {
  settings: CoreSettings;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly connections = new Map<ConnId, Connection>();
  readonly limits: Limits;
  readonly failedLogins: FailedLogins;
  readonly nonces: NonceUse;
  readonly tally: Tally;
  readonly effects: EffectQueue;
  readonly rooms: RoomsCore;
  readonly #log: OpLog;

  constructor(options: EdgeOptions) {
    const { settings } = options;
    this.settings = settings;
    this.randomBytes = options.randomBytes;
    this.limits = new Limits(settings.limits);
    this.failedLogins = new FailedLogins(
      settings.limits.failedLoginsPerAddress,
    );
    this.nonces = new NonceUse(options.storeNonce);
    this.tally = options.tally;
    this.effects = options.effects;
    this.rooms = options.rooms;
    this.#log = options.log;
  }

  send(conn: Connection, text: string): void {
    this.effects.send(conn.id, text);
  }

  refuse(conn: Connection, refusal: Refusal, ref?: string): void {
    this.tally.refused(refusal.code);
    const named = conn.features.has("ack") ? ref : undefined;
    this.send(conn, errorText(refusal, named));
  }

  close(conn: Connection, code: number, reason: string): void {
    this.effects.add({ kind: "close", conn: conn.id, code, reason });
  }

  /** Hands on what a connection's agent asks for; its later frames wait for the outcome, all but messages for one another. */
  submit(conn: Connection, op: SeatOp, now: Now): void {
    conn.pending++;
    if (op.op !== "message") conn.moves++;
    this.#log.submit(op, now);
  }

  /** The seat of the connection's agent; undefined where it has none any more, or not yet. */
  seat({ agent, id }: Connection): Seat | undefined {
    const seat = this.rooms.session(agent);
    return seat?.isHere && seat.conn === id ? seat : undefined;
  }

  /** The time by which rooms go. */
  roomTime(now: Now): Now {
    return this.#log.time(now);
  }

  /** Whether lists and bans admit the agent. */
  admits(agent: string): boolean {
    const { allow, deny } = this.settings;
    return !deny.has(agent) && !this.rooms.isBanned(agent) &&
      (allow === undefined || allow.has(agent));
  }

  /** Hands on what a file asks for, which is of no connection. */
  submitBlob(op: BlobOp, now: Now): void {
    this.#log.submit(op, now);
  }

  /** What a connection that is gone leaves to the rooms; nobody waits for it. */
  submitDrop({ id: conn, agent }: Connection, now: Now): void {
    this.#log.submit({ op: "drop", conn, agent }, now);
  }
}
