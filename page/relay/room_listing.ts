import { signal } from "@preact/signals";
import { fetchPanel, fetchRooms, Refused } from "../feed/relay_rest.ts";
import type { Panel, RoomRow } from "../feed/rows.ts";
import { poll } from "./polling.ts";

export interface Search {
  readonly words: string;
  readonly tags: readonly string[];
}

/** From the last key to the search. */
const TYPED_MS = 200;

/** The list of rooms as it is shown: what was searched for, read page by page as it is scrolled, its start kept new. */
export class RoomListing {
  readonly search = signal<Search>({ words: "", tags: [] });
  readonly rooms = signal<readonly RoomRow[]>([]);
  readonly panel = signal<Panel | null>(null);
  readonly state = signal("Reading the rooms…");
  #cursor: string | undefined;
  #isReading = false;
  #typed: ReturnType<typeof setTimeout> | undefined;

  /** @returns ends it. */
  open(): () => void {
    return poll(() => this.#refresh(), (error) => this.#refused(error));
  }

  /** Shows the rooms that have all these words and tags. */
  find(search: Search): void {
    this.search.value = search;
    clearTimeout(this.#typed);
    this.#typed = setTimeout(() => {
      this.rooms.value = [];
      void this.#refresh().catch((error) => this.#caught(error));
    }, TYPED_MS);
  }

  /** Of the rooms shown, those with this tag too. */
  choose(tag: string): void {
    const { words, tags } = this.search.value;
    if (!tags.includes(tag)) this.find({ words, tags: [...tags, tag] });
  }

  /** Reads the next page, once at a time. */
  async readMore(): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === undefined || this.#isReading) return;
    this.#isReading = true;
    const search = this.search.value;
    try {
      const page = await fetchRooms({ ...search, cursor });
      if (search !== this.search.value) return;
      this.#cursor = page.cursor;
      this.rooms.value = joined(this.rooms.value, page.rooms);
    } catch (error) {
      this.#caught(error);
    } finally {
      this.#isReading = false;
    }
  }

  /** Reads the panel and the first page again; rooms that moved there are taken from where they were. */
  async #refresh(): Promise<void> {
    const search = this.search.value;
    const [panel, page] = await Promise.all([
      fetchPanel(),
      fetchRooms(search),
    ]);
    this.panel.value = panel;
    if (search !== this.search.value) return;
    const known = this.rooms.value;
    const isWhole = page.cursor === undefined ||
      known.length <= page.rooms.length;
    if (isWhole) this.#cursor = page.cursor;
    this.rooms.value = isWhole ? page.rooms : joined(page.rooms, known);
    this.state.value = page.rooms.length === 0 ? "No such room." : "";
  }

  #caught(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    this.#refused(error);
  }

  #refused({ status, waitMs }: Refused): void {
    this.state.value = status === 429
      ? `Too many requests; again in ${Math.ceil(waitMs / 1_000)} s.`
      : status === 403
      ? "This relay shows its rooms to its own agents alone."
      : "The relay does not answer; trying again.";
  }
}

/** Each room once, as the first list has it. */
function joined(
  first: readonly RoomRow[],
  more: readonly RoomRow[],
): readonly RoomRow[] {
  const known = new Set(first.map(({ name }) => name));
  return [...first, ...more.filter(({ name }) => !known.has(name))];
}
