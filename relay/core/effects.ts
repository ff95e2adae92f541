import type {
  StoreAnswer,
  StoreBatch,
  StoreRead,
  StoreRequest,
  StoreRow,
} from "../store/contract.ts";
import type { ConnId, Effect, Now } from "./events.ts";

type WithoutToken<T> = T extends unknown ? Omit<T, "token"> : never;
/** A row to be written before it has its token. */
export type NewRow = WithoutToken<StoreRow>;
/** A request to the store before it has its token. */
export type NewRequest =
  | NewRow
  | WithoutToken<StoreBatch | StoreRead>;

export type OnAnswer = (answer: StoreAnswer, now: Now) => void;

/** What the step under way asks of the shell, in order, and who waits for the store's answers. */
export class EffectQueue {
  #effects: Effect[] = [];
  #lastToken = 0;
  readonly #waiting = new Map<number, OnAnswer>();

  /** Requests at the store without an answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  add(effect: Effect): void {
    this.#effects.push(effect);
  }

  send(conn: ConnId, text: string): void {
    this.#effects.push({ kind: "send", conn, text });
  }

  write(row: NewRow, onAnswer: OnAnswer): void {
    this.store(row, onAnswer);
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

  /** The effects since the last call. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
