import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { HeardAtSubject, ViewBus } from "../../relay/cluster/view_bus.ts";
import type { ViewDisk, ViewDisks } from "../../relay/cluster/view_disk.ts";
import {
  parseViewWords,
  type ViewFrame,
} from "../../relay/cluster/view_frames.ts";
import { BadCopy, VIEW_PIECE_BYTES } from "../../relay/view_copy/copy_port.ts";
import type { FakeClock } from "./fake_clock.ts";

/** One message on a bus. */
export interface OnBus {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly reply: string;
  readonly type: ViewFrame["type"] | undefined;
}

/** A bus between relays of a test, which decides what becomes of each message. */
export class FakeBus implements ViewBus {
  readonly said: OnBus[] = [];
  /** After how many milliseconds it is heard, each time; none: it is lost. */
  fate: (message: OnBus) => readonly number[] = () => [0];
  readonly #hearers = new Map<string, Set<HeardAtSubject>>();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** How many subjects are heard. */
  get subjects(): number {
    return this.#hearers.size;
  }

  say(subject: string, bytes: Uint8Array, reply = ""): void {
    const type = parseViewWords(bytes)?.frame.type;
    const message = { subject, bytes, reply, type };
    this.said.push(message);
    for (const ms of this.fate(message)) {
      this.#clock.after(ms, () => {
        const hearers = [...this.#hearers.get(subject) ?? []];
        for (const heard of hearers) heard(bytes, reply);
      });
    }
  }

  hear(subject: string, heard: HeardAtSubject): () => void {
    const hearers = this.#hearers.get(subject) ?? new Set();
    this.#hearers.set(subject, hearers.add(heard));
    return () => {
      hearers.delete(heard);
      if (hearers.size === 0) this.#hearers.delete(subject);
    };
  }
}

/** A relay's disk in memory, with a view of its own and room for a copy. */
export class FakeViewDisk implements ViewDisk, ViewDisks {
  view: Uint8Array;
  /** What came so far, and what is whole. */
  coming: Uint8Array[] | null = null;
  taken: Uint8Array | null = null;
  isMade = false;
  borrowers = 0;
  drops = 0;
  /** Settles before a copy is made. */
  slowly: Promise<void> = Promise.resolve();
  /** Why nothing can be made, read or written; null: it can. */
  trouble: string | null = null;

  constructor(view: Uint8Array = new Uint8Array()) {
    this.view = view;
  }

  borrow() {
    this.borrowers++;
    return { disk: this, giveBack: () => void this.borrowers-- };
  }

  async make() {
    await this.slowly;
    this.#fail();
    this.isMade = true;
    return { size: this.view.length, sha256: hashOf(this.view) };
  }

  read(offset: number): Promise<Uint8Array> {
    return this.#does(() => this.view.slice(offset, offset + VIEW_PIECE_BYTES));
  }

  begin(): Promise<void> {
    return this.#does(() => void (this.coming = []));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#does(() => void this.coming?.push(bytes.slice()));
  }

  finish(sha256: string, log: string): Promise<number> {
    return this.#does(() => {
      const came = new Uint8Array(Buffer.concat(this.coming ?? []));
      if (hashOf(came) !== sha256) throw new BadCopy("other bytes");
      if (log !== LOG) throw new BadCopy("another log");
      this.taken = came;
      this.coming = null;
      return 7;
    });
  }

  drop(): Promise<void> {
    this.drops++;
    this.isMade = false;
    this.coming = null;
    return Promise.resolve();
  }

  #fail(): void {
    if (this.trouble !== null) throw new Error(this.trouble);
  }

  // deno-lint-ignore require-await
  async #does<T>(action: () => T): Promise<T> {
    this.#fail();
    return action();
  }
}

export const LOG = "2026-01-01T00:00:00Z";

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What comes of work, the clock turned as long as it takes: a quarter of an hour of its time at most. */
export async function turned<T>(
  clock: FakeClock,
  work: Promise<T>,
): Promise<T> {
  let isOver = false;
  work.then(() => isOver = true, () => isOver = true);
  for (let turn = 0; !isOver; turn++) {
    if (turn > 18_000) throw new Error("it takes too long");
    await clock.advance(50);
  }
  return await work;
}
