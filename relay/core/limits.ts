import { ByteBudget } from "./byte_budget.ts";
import { BOUNDS, type LimitSettings } from "./settings.ts";
import { SlidingWindow } from "./sliding_window.ts";

const MINUTE_MS = 60_000;
/** The one key of a window that counts for the whole relay. */
const RELAY = "";

/** The rates of protocol.md section 6, each over a window that slides. Methods return milliseconds to wait; 0 means go. */
export class Limits {
  readonly settings: LimitSettings;
  readonly #agentMessages: SlidingWindow;
  readonly #roomMessages: SlidingWindow;
  readonly #joins: SlidingWindow;
  readonly #agentCreates: SlidingWindow;
  readonly #relayCreates: SlidingWindow;
  readonly #lists: SlidingWindow;
  readonly #history: SlidingWindow;
  readonly #rest: SlidingWindow;
  readonly #historyBytes: ByteBudget;
  readonly #restBytes: ByteBudget;

  constructor(settings: LimitSettings) {
    this.settings = settings;
    this.#agentMessages = perMinute(settings.messagesPerAgent);
    this.#roomMessages = perMinute(settings.messagesPerRoom);
    this.#joins = perMinute(settings.joinsPerAgent);
    this.#agentCreates = perMinute(settings.createsPerAgent);
    this.#relayCreates = perMinute(settings.creates);
    this.#lists = perMinute(settings.listsPerAgent);
    this.#history = perMinute(settings.historyPerAgent);
    this.#rest = perMinute(settings.restPerAddress);
    this.#historyBytes = bytesPerMinute(settings.historyBytesPerAgent);
    this.#restBytes = bytesPerMinute(settings.restBytesPerAddress);
  }

  /** Counts a message that an agent tries to send. */
  message(agent: string, now: number): number {
    return this.#agentMessages.take(agent, now);
  }

  /** Counts a message in its room; the wait is the longer of the room's and the sender's. */
  roomMessage(room: string, agent: string, now: number): number {
    const wait = this.#roomMessages.take(room, now);
    if (wait === 0) return 0;
    return Math.max(wait, this.#agentMessages.wait(agent, now));
  }

  join(agent: string, now: number): number {
    return this.#joins.take(agent, now);
  }

  /** Whether the agent, and the relay, may have one more room in this minute. Counts nothing. */
  createWait(agent: string, now: number): number {
    return Math.max(
      this.#agentCreates.wait(agent, now),
      this.#relayCreates.wait(RELAY, now),
    );
  }

  /** Counts a create whose proof is right, after {@link createWait} said 0. */
  countCreate(agent: string, now: number): void {
    this.#agentCreates.count(agent, now);
    this.#relayCreates.count(RELAY, now);
  }

  list(agent: string, now: number): number {
    return this.#lists.take(agent, now);
  }

  /** Counts a page that is asked for; how large it is comes out by {@link historySent}. */
  history(agent: string, now: number): number {
    const wait = this.#historyBytes.wait(agent, now);
    return wait > 0 ? wait : this.#history.take(agent, now);
  }

  historySent(agent: string, bytes: number, now: number): void {
    this.#historyBytes.count(agent, bytes, now);
  }

  /** Counts a request; how large its answer is comes out by {@link restSent}. */
  rest(address: string, now: number): number {
    const wait = this.#restBytes.wait(address, now);
    return wait > 0 ? wait : this.#rest.take(address, now);
  }

  restSent(address: string, bytes: number, now: number): void {
    this.#restBytes.count(address, bytes, now);
  }

  /** Forgets what no longer counts. */
  sweep(now: number): void {
    for (const window of this.#all()) window.sweep(now);
  }

  /** Keys held in all tables together. */
  get size(): number {
    return this.#all().reduce((sum, window) => sum + window.size, 0);
  }

  #all(): (SlidingWindow | ByteBudget)[] {
    return [
      this.#agentMessages,
      this.#roomMessages,
      this.#joins,
      this.#agentCreates,
      this.#relayCreates,
      this.#lists,
      this.#history,
      this.#rest,
      this.#historyBytes,
      this.#restBytes,
    ];
  }
}

function perMinute(most: number): SlidingWindow {
  return new SlidingWindow({
    most,
    spanMs: MINUTE_MS,
    keys: BOUNDS.limitKeys,
  });
}

function bytesPerMinute(most: number): ByteBudget {
  return new ByteBudget({
    most,
    spanMs: MINUTE_MS,
    keys: BOUNDS.limitKeys,
  });
}
