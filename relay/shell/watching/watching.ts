import type { Clock } from "../../../lib/clock.ts";
import { PageFiles } from "../../../lib/pages/page_files.ts";
import { RELAY_PAGE } from "../../../lib/pages/relay_page.ts";
import type { RelayCore } from "../../core/core.ts";
import type { HistoryAccess } from "../../core/settings.ts";
import type { StoredMessage } from "../../store/contract.ts";
import { MinuteCounts } from "./minute_counts.ts";
import { RelayPulse } from "./relay_pulse.ts";
import { RoomFeeds } from "./room_feeds.ts";

/** Where the page's own files are served. */
const PAGE_FOLDER = "/page/";

export interface WatchingOptions {
  readonly core: RelayCore;
  readonly clock: Clock;
  readonly history: HistoryAccess;
  readonly version: string;
  readonly figures: () => Readonly<Record<string, number>>;
}

/** What `GET /api/relay` tells (docs/protocol.md, section 8). */
export interface RelayPanel {
  readonly version: string;
  readonly history: HistoryAccess;
  readonly connections: number;
  readonly agents: number;
  readonly rooms: number;
  readonly watchers: number;
  readonly messages_a_minute: number;
  /** Absent before the first one. */
  readonly commit_ms?: number;
  readonly memory_bytes: number;
}

/** What the relay keeps for people who look: the page, the rooms' streams, and how busy each room is. */
export class Watching {
  readonly #options: WatchingOptions;
  readonly files = new PageFiles(RELAY_PAGE, PAGE_FOLDER);
  readonly feeds: RoomFeeds;
  readonly #minutes = new MinuteCounts();
  readonly #pulse = new RelayPulse();

  constructor(options: WatchingOptions) {
    this.#options = options;
    const people = (room: string) => options.core.people(room);
    this.feeds = new RoomFeeds({ clock: options.clock, people });
  }

  said(room: string, message: StoredMessage): void {
    const { clock } = this.#options;
    this.#pulse.said(clock.monotonic());
    this.#minutes.add(room, clock.wall());
    this.feeds.said(room, message);
  }

  committed(seconds: number): void {
    this.#pulse.committed(seconds);
  }

  /** About once a second. */
  check(): void {
    this.feeds.check();
    this.#minutes.sweep(this.#options.clock.wall());
  }

  /** Messages of each of the last minutes, as {@link MinuteCounts.of}. */
  minutesOf(room: string, minutes: number): number[] {
    return this.#minutes.of(room, minutes, this.#options.clock.wall());
  }

  panel(): RelayPanel {
    const { version, history, clock, figures } = this.#options;
    const { connections = 0, agents = 0, rooms = 0, rss_bytes = 0 } = figures();
    const { commitMs } = this.#pulse;
    return {
      ...{ version, history, connections, agents, rooms },
      watchers: this.feeds.size,
      messages_a_minute: this.#pulse.messagesAMinute(clock.monotonic()),
      ...(commitMs === null
        ? {}
        : { commit_ms: Math.round(commitMs * 100) / 100 }),
      memory_bytes: rss_bytes,
    };
  }
}
