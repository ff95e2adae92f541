import { signal } from "@preact/signals";
import { fetchHistory, fetchRoom, Refused } from "./relay_rest.ts";
import { parseJson, type People, readMessageRow, readPeople } from "./rows.ts";
import {
  EMPTY,
  firstSeq,
  type HistoryPage,
  lastSeq,
  type Timeline,
  withLive,
  withNewest,
  withOlder,
} from "./timeline.ts";

/** How the line to the room stands. */
export type WatchState =
  | "opening"
  | "live"
  | "reconnecting"
  | "ended"
  | "missing"
  | "refused";

/** Pages that are read to close a gap; a wider one is given up, and what is older is read on scrolling up. */
const GAP_PAGES = 10;
const AGAIN_MS = 2_000;

/** Follows one room: its newest messages, what is said from now on, older ones when they are asked for. */
export class RoomWatch {
  readonly room: string;
  readonly timeline = signal<Timeline>(EMPTY);
  readonly people = signal<People | null>(null);
  readonly state = signal<WatchState>("opening");
  readonly isReadingOlder = signal(false);
  #source: EventSource | null = null;
  #catchingUp: Promise<void> | null = null;
  #isBehind = false;

  constructor(room: string) {
    this.room = room;
  }

  open(): void {
    const source = new EventSource(`/api/rooms/${this.room}/events`);
    this.#source = source;
    source.onopen = () => this.#catchUp();
    source.addEventListener("message", (event) => this.#said(event.data));
    source.addEventListener("members", ({ data }) => {
      this.people.value = readPeople(parseJson(data));
    });
    source.addEventListener("resync", () => this.#catchUp());
    source.addEventListener("closed", () => this.#end("ended"));
    source.onerror = () => void this.#lost();
  }

  /** Reads the next older page, once at a time. */
  async readOlder(): Promise<void> {
    const { hasOlder, messages } = this.timeline.value;
    if (!hasOlder || messages.length === 0 || this.isReadingOlder.value) return;
    this.isReadingOlder.value = true;
    try {
      const page = await this.#page(firstSeq(this.timeline.value));
      this.timeline.value = withOlder(this.timeline.value, page);
    } finally {
      this.isReadingOlder.value = false;
    }
  }

  /** A browser comes again by itself unless it was refused. */
  async #lost(): Promise<void> {
    this.state.value = "reconnecting";
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    try {
      if (await fetchRoom(this.room) === null) return this.#end("missing");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 403) return this.#end("refused");
    }
    await pause(AGAIN_MS);
    if (this.#source !== null) this.open();
  }

  #end(state: WatchState): void {
    this.#source?.close();
    this.#source = null;
    this.state.value = state;
  }

  #said(data: string): void {
    const message = readMessageRow(parseJson(data));
    if (message === null) return;
    const next = withLive(this.timeline.value, message);
    if (next === null) this.#catchUp();
    else this.timeline.value = next;
  }

  /** Whatever comes meanwhile is caught up with once more. */
  #catchUp(): void {
    this.#isBehind = true;
    this.#catchingUp ??= this.#run().finally(() => this.#catchingUp = null);
  }

  async #run(): Promise<void> {
    while (this.#isBehind) {
      this.#isBehind = false;
      this.timeline.value = await this.#newest();
    }
    if (this.#source !== null) this.state.value = "live";
  }

  /** The newest page, and those before it down to what is here. */
  async #newest(): Promise<Timeline> {
    let page = await this.#page(undefined);
    for (let pages = 1; pages < GAP_PAGES; pages++) {
      const next = withNewest(this.timeline.value, page);
      if (next !== null) return next;
      const older = await this.#page(page.messages[0]?.seq);
      page = {
        messages: [...older.messages, ...page.messages],
        hasMore: older.hasMore,
      };
    }
    return withNewest(this.timeline.value, page) ??
      withNewest(EMPTY, page) ?? EMPTY;
  }

  /** Waits out what the relay asks to wait. */
  async #page(before: number | undefined): Promise<HistoryPage> {
    for (;;) {
      try {
        return await fetchHistory(this.room, before);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const isOver = error.status === 404 || error.status === 403;
        if (isOver) return { messages: [], hasMore: false };
        await pause(error.waitMs);
      }
    }
  }

  /** The number of the newest message; undefined before the first. */
  get last(): number | undefined {
    return lastSeq(this.timeline.value);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
