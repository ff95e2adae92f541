import type {
  HistoryRead,
  RestRead,
  StoreAnswer,
  StoreRequest,
  StoreWrite,
} from "../store/contract.ts";
import { Ages } from "./rooms/ages.ts";
import { ClosedNames } from "./rooms/closed_names.ts";
import type { Connection } from "./edge/connection.ts";
import { Departures } from "./rooms/departures.ts";
import { EmptyRooms } from "./rooms/empty_rooms.ts";
import type { ConnId, Effect, Now } from "./events.ts";
import { FailedLogins } from "./edge/failed_logins.ts";
import { Limits } from "./edge/limits.ts";
import { NonceUse } from "./edge/nonce_use.ts";
import { errorText, type Refusal } from "./replies.ts";
import { RoomTable } from "./rooms/room_table.ts";
import { RoomTime } from "./rooms/room_time.ts";
import type { CoreSettings } from "./settings.ts";
import { Tally } from "./tally.ts";

type WithoutToken<T> = T extends unknown ? Omit<T, "token"> : never;
/** A request to the store before it has its token. */
export type NewRequest = WithoutToken<StoreWrite | HistoryRead | RestRead>;

export interface StateOptions {
  readonly settings: CoreSettings;
  /** Random bytes for challenges. */
  readonly randomBytes: (count: number) => Uint8Array;
}

type OnAnswer = (answer: StoreAnswer, now: Now) => void;

/** What the parts of the core share: its tables, and the effects of the step under way. */
export class CoreState {
  settings: CoreSettings;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly connections = new Map<ConnId, Connection>();
  /** The one connection of each agent that is logged in. */
  readonly byAgent = new Map<string, Connection>();
  readonly rooms = new RoomTable();
  readonly roomTime = new RoomTime();
  readonly emptyRooms = new EmptyRooms();
  readonly closedNames = new ClosedNames();
  readonly departures = new Departures();
  readonly tally = new Tally();
  readonly limits: Limits;
  readonly failedLogins: FailedLogins;
  readonly ages: Ages;
  readonly nonces: NonceUse;
  #effects: Effect[] = [];
  #lastToken = 0;
  readonly #waiting = new Map<number, OnAnswer>();

  constructor(options: StateOptions) {
    const { settings } = options;
    this.settings = settings;
    this.randomBytes = options.randomBytes;
    this.limits = new Limits(settings.limits);
    this.failedLogins = new FailedLogins(
      settings.limits.failedLoginsPerAddress,
    );
    this.ages = new Ages(settings.roomGraceMs);
    this.nonces = new NonceUse((write) => this.store(write, () => {}));
  }

  /** Requests at the store without an answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  send(conn: Connection, text: string): void {
    this.#effects.push({ kind: "send", conn: conn.id, text });
  }

  broadcast(conns: readonly ConnId[], text: string): void {
    if (conns.length > 0) {
      this.#effects.push({ kind: "broadcast", conns, text });
    }
  }

  refuse(conn: Connection, refusal: Refusal, ref?: string): void {
    this.tally.refused(refusal.code);
    const named = conn.features.has("ack") ? ref : undefined;
    this.send(conn, errorText(refusal, named));
  }

  close(conn: Connection, code: number, reason: string): void {
    this.#effects.push({ kind: "close", conn: conn.id, code, reason });
  }

  /** Asks the store; `onAnswer` runs in the step that brings its answer. */
  store(request: NewRequest, onAnswer: OnAnswer): void {
    const token = ++this.#lastToken;
    this.#waiting.set(token, onAnswer);
    this.#effects.push({
      kind: "store",
      request: { ...request, token } as StoreRequest,
    });
  }

  answered(answer: StoreAnswer, now: Now): void {
    const onAnswer = this.#waiting.get(answer.token);
    this.#waiting.delete(answer.token);
    onAnswer?.(answer, now);
  }

  /** The effects since the last call, in order. */
  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
