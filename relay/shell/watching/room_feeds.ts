import type { Clock, Timer } from "../../../lib/clock.ts";
import type { RoomPeople } from "../../core/rooms/room_people.ts";
import type { StoredMessage } from "../../store/contract.ts";
import { RoomFeed } from "./room_feed.ts";
import { HERE, streamHead } from "./server_sent_event.ts";
import { Watcher, type WatcherStream } from "./watcher.ts";

/** Those who watch, in all and from one address; the bytes that wait for them all. */
export const WATCHERS = {
  most: 4_000,
  mostPerAddress: 2_000,
  waitingBytes: 64 * 2 ** 20,
} as const;
/** Events of a room within so long go out in one write to each watcher. */
const FLUSH_MS = 100;
/** Checks, about one a second, from one sign of life to the next. */
const CHECKS_A_BEAT = 15;
const NOTHING = HERE.subarray(0, 0);

export interface RoomFeedsOptions {
  readonly clock: Clock;
  /** Who is in a room; undefined where there is none such. */
  readonly people: (room: string) => RoomPeople | undefined;
}

/** Who watches which room over server-sent events. */
export class RoomFeeds {
  readonly #options: RoomFeedsOptions;
  readonly #feeds = new Map<string, RoomFeed>();
  readonly #byAddress = new Map<string, number>();
  #count = 0;
  #checks = 0;
  #flush: Timer | null = null;
  readonly #due = new Set<RoomFeed>();

  constructor(options: RoomFeedsOptions) {
    this.#options = options;
  }

  /** How many watch. */
  get size(): number {
    return this.#count;
  }

  /** Whether another one of this address may watch. */
  mayEnter(address: string): boolean {
    return this.#count < WATCHERS.most &&
      (this.#byAddress.get(address) ?? 0) < WATCHERS.mostPerAddress;
  }

  /** Takes over the socket of one who is to watch a room. */
  enter(
    { room, address, requestId }: {
      readonly room: string;
      readonly address: string;
      readonly requestId: string;
    },
    stream: WatcherStream,
  ): void {
    const people = this.#options.people(room);
    if (people === undefined) return void stream.destroy();
    const now = this.#options.clock.monotonic();
    const watcher = new Watcher(address, stream, now);
    const feed = this.#feed(room);
    this.#counted(address, 1);
    stream.on("close", () => this.#left(room, feed, watcher));
    watcher.write(streamHead(requestId), NOTHING);
    feed.welcome(watcher, people);
  }

  /** A message was stored in a room. */
  said(room: string, message: StoredMessage): void {
    const feed = this.#feeds.get(room);
    if (feed?.said(message)) this.#schedule(feed);
  }

  /** About once a second: who is there, who takes nothing, rooms that have ended. */
  check(): void {
    const now = this.#options.clock.monotonic();
    const isBeat = ++this.#checks % CHECKS_A_BEAT === 0;
    for (const [room, feed] of this.#feeds) {
      const people = this.#options.people(room);
      if (people === undefined) {
        feed.close();
        this.#feeds.delete(room);
      } else if (feed.met(people)) this.#schedule(feed);
      for (const watcher of feed.watchers) {
        if (isBeat) watcher.write(HERE, NOTHING);
        watcher.checkProgress(now);
      }
    }
    this.#relieve();
  }

  /** The relay goes away: they come again by themselves. */
  stop(): void {
    this.#flush?.cancel();
    for (const feed of this.#feeds.values()) {
      feed.flush();
      for (const watcher of feed.watchers) watcher.end();
    }
  }

  #feed(room: string): RoomFeed {
    const known = this.#feeds.get(room);
    if (known !== undefined) return known;
    const feed = new RoomFeed();
    this.#feeds.set(room, feed);
    return feed;
  }

  #left(room: string, feed: RoomFeed, watcher: Watcher): void {
    this.#counted(watcher.address, -1);
    feed.watchers.delete(watcher);
    if (feed.watchers.size > 0 || this.#feeds.get(room) !== feed) return;
    this.#feeds.delete(room);
    this.#due.delete(feed);
  }

  #counted(address: string, change: number): void {
    this.#count += change;
    const count = (this.#byAddress.get(address) ?? 0) + change;
    if (count > 0) this.#byAddress.set(address, count);
    else this.#byAddress.delete(address);
  }

  #schedule(feed: RoomFeed): void {
    this.#due.add(feed);
    this.#flush ??= this.#options.clock.after(FLUSH_MS, () => {
      this.#flush = null;
      for (const due of this.#due) due.flush();
      this.#due.clear();
    });
  }

  /** Ends those with the most waiting when too much waits in all. */
  #relieve(): void {
    const rows = [...this.#feeds.values()].flatMap((feed) =>
      [...feed.watchers].map((watcher) => ({
        watcher,
        bytes: watcher.waitingBytes,
      }))
    );
    let over = rows.reduce((sum, { bytes }) => sum + bytes, 0) -
      WATCHERS.waitingBytes;
    if (over <= 0) return;
    for (const { watcher, bytes } of rows.sort((a, b) => b.bytes - a.bytes)) {
      if (over <= 0) return;
      watcher.cut();
      over -= bytes;
    }
  }
}
