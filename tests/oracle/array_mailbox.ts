import type { NewMessage } from "../../daemon/mailbox/kept_messages.ts";

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
  readonly #single = new Set<number>();
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

  readOnly(cursors: readonly number[]): void {
    const touched = this.#kept.filter((one) => cursors.includes(one.cursor));
    for (const { cursor } of touched) this.#single.add(cursor);
    for (const room of new Set(touched.map((one) => one.room))) {
      const first = this.unread(room)[0] ?? Infinity;
      const before = this.#kept.filter((one) =>
        one.room === room && one.cursor < first && this.#single.has(one.cursor)
      );
      this.read(Math.max(0, ...before.map((one) => one.cursor)), room);
    }
  }

  unread(room?: string): number[] {
    return this.#kept
      .filter((one) => room === undefined || one.room === room)
      .filter((one) => this.#isUnread(one))
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
    if (this.#isUnread(oldest)) this.#dropped.push({ room, cursor });
  }

  #isUnread({ room, cursor }: Kept): boolean {
    return cursor > (this.#read.get(room) ?? 0) && !this.#single.has(cursor);
  }
}
