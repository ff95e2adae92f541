import { ByteBudget } from "./byte_budget.ts";
import { BOUNDS, type LimitSettings } from "../settings.ts";
import { SlidingWindow } from "../sliding_window.ts";

const MINUTE_MS = 60_000;
/** The one key of a window that counts for the whole relay. */
const RELAY = "";

/** The counts that are rates. */
const RATES = [
  "messagesPerAgent",
  "messagesPerRoom",
  "joinsPerAgent",
  "createsPerAgent",
  "createsPerAddress",
  "creates",
  "loginsPerAgent",
  "loginsPerAddress",
  "rejoinsPerAgent",
  "rejoinsPerAddress",
  "listsPerAgent",
  "historyPerAgent",
  "presencePerAgent",
  "marksPerAgent",
  "directAcksPerAgent",
  "restPerAddress",
  "blobsPerAgent",
] as const satisfies readonly (keyof LimitSettings)[];
type Rate = typeof RATES[number];

/** Whose try it is: an agent and the address that its connection came from. */
export interface Trier {
  readonly agent: string;
  readonly address: string;
}

/** The rates of protocol.md section 6, each over a window that slides. Methods return milliseconds to wait; 0 means go. */
export class Limits {
  readonly settings: LimitSettings;
  readonly #windows: Readonly<Record<Rate, SlidingWindow>>;
  readonly #historyBytes: ByteBudget;
  readonly #restBytes: ByteBudget;
  readonly #agentBlobs: ByteBudget;
  readonly #addressBlobs: ByteBudget;

  constructor(settings: LimitSettings) {
    this.settings = settings;
    this.#windows = Object.fromEntries(
      RATES.map((rate) => [rate, perMinute(settings[rate])]),
    ) as Record<Rate, SlidingWindow>;
    this.#historyBytes = bytesPerMinute(settings.historyBytesPerAgent);
    this.#restBytes = bytesPerMinute(settings.restBytesPerAddress);
    this.#agentBlobs = bytesPerMinute(settings.blobBytesPerAgent);
    this.#addressBlobs = bytesPerMinute(settings.blobBytesPerAddress);
  }

  /** Counts a message that an agent tries to send. */
  message(agent: string, now: number): number {
    return this.#windows.messagesPerAgent.take(agent, now);
  }

  /** Counts a message in its room; the wait is the longer of the room's and the sender's. */
  roomMessage(room: string, agent: string, now: number): number {
    const wait = this.#windows.messagesPerRoom.take(room, now);
    if (wait === 0) return 0;
    return Math.max(wait, this.#windows.messagesPerAgent.wait(agent, now));
  }

  join(agent: string, now: number): number {
    return this.#windows.joinsPerAgent.take(agent, now);
  }

  /** Counts a join within the grace time, for the agent and its address. */
  rejoin(trier: Trier, now: number): number {
    const { rejoinsPerAgent, rejoinsPerAddress } = this.#windows;
    const wait = Math.max(
      rejoinsPerAgent.wait(trier.agent, now),
      rejoinsPerAddress.wait(trier.address, now),
    );
    if (wait > 0) return wait;
    rejoinsPerAgent.count(trier.agent, now);
    rejoinsPerAddress.count(trier.address, now);
    return 0;
  }

  /** Counts a hello of an address, whatever comes of it. */
  hello(address: string, now: number): number {
    return this.#windows.loginsPerAddress.take(address, now);
  }

  /** Whether the agent may log in once more in this minute. Counts nothing. */
  loginWait(agent: string, now: number): number {
    return this.#windows.loginsPerAgent.wait(agent, now);
  }

  /** Counts a login that only the agent itself can have made, after {@link loginWait} said 0. */
  countLogin(agent: string, now: number): void {
    this.#windows.loginsPerAgent.count(agent, now);
  }

  /** Whether the agent, its address and the relay may have one more room in this minute. Counts nothing. */
  createWait({ agent, address }: Trier, now: number): number {
    const { createsPerAgent, createsPerAddress, creates } = this.#windows;
    return Math.max(
      createsPerAgent.wait(agent, now),
      createsPerAddress.wait(address, now),
      creates.wait(RELAY, now),
    );
  }

  /** Counts a create whose proof is right, after {@link createWait} said 0. */
  countCreate({ agent, address }: Trier, now: number): void {
    const { createsPerAgent, createsPerAddress, creates } = this.#windows;
    createsPerAgent.count(agent, now);
    createsPerAddress.count(address, now);
    creates.count(RELAY, now);
  }

  list(agent: string, now: number): number {
    return this.#windows.listsPerAgent.take(agent, now);
  }

  presence(agent: string, now: number): number {
    return this.#windows.presencePerAgent.take(agent, now);
  }

  marks(agent: string, now: number): number {
    return this.#windows.marksPerAgent.take(agent, now);
  }

  directAck(agent: string, now: number): number {
    return this.#windows.directAcksPerAgent.take(agent, now);
  }

  /** Counts a page that is asked for; how large it is comes out by {@link historySent}. */
  history(agent: string, now: number): number {
    const wait = this.#historyBytes.wait(agent, now);
    return wait > 0 ? wait : this.#windows.historyPerAgent.take(agent, now);
  }

  historySent(agent: string, bytes: number, now: number): void {
    this.#historyBytes.count(agent, bytes, now);
  }

  /** Counts a request; how large its answer is comes out by {@link restSent}. */
  rest(address: string, now: number): number {
    const wait = this.#restBytes.wait(address, now);
    return wait > 0 ? wait : this.#windows.restPerAddress.take(address, now);
  }

  restSent(address: string, bytes: number, now: number): void {
    this.#restBytes.count(address, bytes, now);
  }

  /** Counts a file that is put or fetched, by its size. */
  blob({ agent, address }: Trier, bytes: number, now: number): number {
    const wait = Math.max(
      this.#agentBlobs.wait(agent, now),
      this.#addressBlobs.wait(address, now),
    );
    if (wait > 0) return wait;
    const next = this.#windows.blobsPerAgent.take(agent, now);
    if (next > 0) return next;
    this.#agentBlobs.count(agent, bytes, now);
    this.#addressBlobs.count(address, bytes, now);
    return 0;
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
      ...Object.values(this.#windows),
      this.#historyBytes,
      this.#restBytes,
      this.#agentBlobs,
      this.#addressBlobs,
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
