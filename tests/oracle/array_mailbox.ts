import type { NewMessage } from "../../daemon/mailbox/mailbox.ts";

interface Kept extends NewMessage {
  readonly cursor: number;
}

/** What a mailbox does, said in arrays: slow and plain. */
export class ArrayMailbox {
  readonly #buffer: number;
  readonly #seen: string[] = [];
  #kept: Kept[] = [];
  #dropped: { room: string; cursor: number }[] = [];
  #read = new Map<string, number>();
  #last = 0;

  constructor(buffer: number) {
    this.#buffer = buffer;
  }

  add(message: NewMessage): number | null {
    const name = `${message.from} ${message.id}`;
    const had = this.#seen.includes(`${name} true`) ||
      (!message.verified && this.#seen.includes(`${name} false`));
    if (had) return null;
    this.#seen.push(`${name} ${message.verified}`);
    this.#kept.push({ ...message, cursor: ++this.#last });
    while (this.#kept.length > this.#buffer) this.#drop();
    return this.#last;
  }

  read(cursor: number, room?: string): void {
    const upto = Math.min(cursor, this.#last);
    const rooms = room === undefined
      ? [...this.#kept, ...this.#dropped].map((one) => one.room)
      : [room];
    for (const each of rooms) {
      this.#read.set(each, Math.max(this.#read.get(each) ?? 0, upto));
      const mark = this.#read.get(each) ?? 0;
      const newest = Math.max(
        0,
        ...this.#dropped.filter((one) => one.room === each)
          .map((one) => one.cursor),
      );
      if (newest <= mark) {
        this.#dropped = this.#dropped.filter((one) => one.room !== each);
      }
    }
  }

  unread(room?: string): number[] {
    return this.#kept
      .filter((one) => room === undefined || one.room === room)
      .filter((one) => one.cursor > (this.#read.get(one.room) ?? 0))
      .map((one) => one.cursor);
  }

  all(after = 0): number[] {
    return this.#kept.map((one) => one.cursor).filter((one) => one > after);
  }

  dropped(room?: string): number {
    return this.#dropped
      .filter((one) => room === undefined || one.room === room).length;
  }

  #drop(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return;
    const { room, cursor } = oldest;
    if (cursor > (this.#read.get(room) ?? 0)) {
      this.#dropped.push({ room, cursor });
    }
  }
}
