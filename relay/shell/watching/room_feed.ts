import { Buffer } from "node:buffer";
import type { StoredMessage } from "../../store/contract.ts";
import type { RoomPeople } from "../../core/rooms/room_people.ts";
import { historyRow } from "../history_rows.ts";
import { eventText } from "./server_sent_event.ts";
import type { Watcher } from "./watcher.ts";

/** Bytes of one flush; of more the watchers are told to read the room again. */
const FLUSH_BYTES = 262_144;
const RESYNC = Buffer.from(eventText("resync", "{}"));
const NOTHING = Buffer.alloc(0);

/** Those who watch one room, and what they are told next: encoded once for all of them. */
export class RoomFeed {
  readonly watchers = new Set<Watcher>();
  #lines: string[] = [];
  #bytes = 0;
  #people = "";

  /** Who is there, for one who has just come; and whatever changes, for all. */
  welcome(watcher: Watcher, people: RoomPeople): void {
    this.#people = peopleText(people);
    watcher.write(Buffer.from(this.#people), NOTHING);
    this.watchers.add(watcher);
  }

  /** @returns whether something waits now that did not before. */
  said(message: StoredMessage): boolean {
    const row = JSON.stringify(historyRow(message));
    return this.#tell(eventText("message", row, message.seq));
  }

  /** The same of who is there. */
  met(people: RoomPeople): boolean {
    const text = peopleText(people);
    if (text === this.#people) return false;
    this.#people = text;
    return this.#tell(text);
  }

  /** Hands on what waits, in one write for each watcher. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const bytes = this.#bytes > FLUSH_BYTES
      ? RESYNC
      : Buffer.from(this.#lines.join(""));
    this.#lines = [];
    this.#bytes = 0;
    for (const watcher of this.watchers) watcher.write(bytes, RESYNC);
  }

  /** The room has ended. */
  close(): void {
    this.flush();
    const closed = Buffer.from(eventText("closed", "{}"));
    for (const watcher of this.watchers) {
      watcher.write(closed, RESYNC);
      watcher.end();
    }
    this.watchers.clear();
  }

  #tell(text: string): boolean {
    this.#bytes += text.length;
    if (this.#bytes <= FLUSH_BYTES) this.#lines.push(text);
    return this.#lines.length === 1;
  }
}

function peopleText(people: RoomPeople): string {
  return eventText("members", JSON.stringify(people));
}
