import type { EffectQueue, NewRow, OnAnswer } from "../effects.ts";
import type { ConnId } from "../events.ts";
import type { StoreAnswer, StoredMessage } from "../../store/contract.ts";
import type { SeatOp } from "../log/op.ts";
import { errorText, type Refusal } from "../replies.ts";
import type { CoreSettings } from "../settings.ts";
import { SlidingWindow } from "../sliding_window.ts";
import { BOUNDS } from "../settings.ts";
import type { Tally } from "../tally.ts";
import { Ages } from "./ages.ts";
import { ClosedNames } from "./closed_names.ts";
import { Departures } from "./departures.ts";
import { EmptyRooms } from "./empty_rooms.ts";
import type { Changes } from "./changes.ts";
import type { Room } from "./room.ts";
import { RoomTable } from "./room_table.ts";
import { RoomTime } from "./room_time.ts";
import type { Seat } from "./seat.ts";

/** What rooms are judged by: all relays of one log must have the same. */
export type RoomsSettings = Pick<
  CoreSettings,
  "roomIdleMs" | "roomEmptyMs" | "roomGraceMs" | "blobs" | "limits"
>;

/** The relay that submitted an op. */
export interface Origin {
  readonly node: string;
  /** Whether it is this one, in this run of it. */
  readonly isHere: boolean;
}

/** Where rows go. An answer comes in a later step, or, of what can't fail by itself, at once. */
export interface Rows {
  write(row: NewRow, onAnswer: OnAnswer): void;
}

/** What this relay's own connections hear of their seats. */
export interface SeatEvents {
  /** A login was taken: the agent is in. */
  entered(seat: Seat): void;
  /** A seat is no more, and its connection is to be ended. */
  ended(
    conn: ConnId,
    why: { readonly code: number; readonly reason: string },
  ): void;
  /** All that an op of the connection has to say was said. */
  settled(op: SeatOp): void;
}

export interface RoomsOptions {
  readonly settings: RoomsSettings;
  readonly effects: EffectQueue;
  readonly rows: Rows;
  readonly seats: SeatEvents;
  /** What became of this relay's op of a file. */
  readonly blobSettled: (id: string, answer: StoreAnswer) => void;
  readonly tally: Tally;
  /** Hears what changes of that which stands in no row. */
  readonly changes?: Changes;
}

const MINUTE_MS = 60_000;

/** What the rules of rooms share: their tables, and what is said to seats of this relay. */
export class RoomsState {
  readonly settings: RoomsSettings;
  /** The one seat of each agent that is logged in, at any relay. */
  readonly sessions = new Map<string, Seat>();
  readonly rooms: RoomTable;
  readonly roomTime = new RoomTime();
  readonly emptyRooms = new EmptyRooms();
  readonly closedNames = new ClosedNames();
  readonly departures = new Departures();
  readonly ages: Ages;
  /** Agents that an operator of a cluster refuses. */
  readonly bans = new Set<string>();
  /** Logins by agent. */
  readonly logins: SlidingWindow;
  readonly seats: SeatEvents;
  readonly blobSettled: RoomsOptions["blobSettled"];
  readonly tally: Tally;
  readonly changes: Changes | undefined;
  readonly #effects: EffectQueue;
  readonly #rows: Rows;

  constructor(options: RoomsOptions) {
    const { settings } = options;
    this.settings = settings;
    this.seats = options.seats;
    this.blobSettled = options.blobSettled;
    this.tally = options.tally;
    this.changes = options.changes;
    this.rooms = new RoomTable(options.changes);
    this.#effects = options.effects;
    this.#rows = options.rows;
    this.ages = new Ages(settings.roomGraceMs);
    this.logins = new SlidingWindow({
      most: settings.limits.loginsPerAgent,
      spanMs: MINUTE_MS,
      keys: BOUNDS.limitKeys,
    });
  }

  write(row: NewRow, onAnswer: OnAnswer): void {
    this.#rows.write(row, onAnswer);
  }

  /** Says it to a seat of this relay; what other relays' seats hear, they say. */
  send(seat: Seat, text: () => string): void {
    if (seat.isHere) this.#effects.send(seat.conn, text());
  }

  /** @param conns of this relay. */
  broadcast(conns: readonly ConnId[], text: () => string): void {
    if (conns.length === 0) return;
    this.#effects.add({ kind: "broadcast", conns, text: text() });
  }

  /** For who only watches the room. */
  said({ name }: Room, message: StoredMessage): void {
    this.#effects.add({ kind: "said", room: name, message });
  }

  /** @param ref the id or nonce of the frame that this answers. */
  refuse(seat: Seat, refusal: Refusal, ref: string): void {
    if (!seat.isHere) return;
    this.tally.refused(refusal.code);
    const named = seat.features.has("ack") ? ref : undefined;
    this.#effects.send(seat.conn, errorText(refusal, named));
  }

  /** The seat of an agent through just this connection; undefined where another login, or its end, came first. */
  seatOf(
    { agent, conn }: Pick<SeatOp, "agent" | "conn">,
    { node }: Origin,
  ): Seat | undefined {
    const seat = this.sessions.get(agent);
    return seat?.conn === conn && seat.node === node ? seat : undefined;
  }

  settled(op: SeatOp, { isHere }: Pick<Origin, "isHere">): void {
    if (isHere) this.seats.settled(op);
  }
}
