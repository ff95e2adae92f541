import type { RawObject } from "../../../lib/protocol/frames.ts";

/** Pages that are read back, and their bytes, before the rest is called a gap. */
const MOST_PAGES = 50;
const MOST_BYTES = 16 * 1024 * 1024;

/** What was read back of a room's past, newest page first, and bounded. */
export class PastPages {
  readonly #pages: (readonly RawObject[])[] = [];
  #bytes = 0;

  add(messages: readonly RawObject[]): void {
    this.#pages.push(messages);
    for (const message of messages) this.#bytes += sizeOf(message);
  }

  get isFull(): boolean {
    return this.#pages.length >= MOST_PAGES || this.#bytes >= MOST_BYTES;
  }

  /** For pages whose messages are oldest first. */
  get oldestFirst(): RawObject[] {
    return this.#pages.toReversed().flat();
  }
}

function sizeOf(message: RawObject): number {
  let bytes = 500;
  for (const value of Object.values(message)) {
    if (typeof value === "string") bytes += value.length * 2;
    else if (typeof value === "object" && value !== null && "text" in value) {
      bytes += String(value.text).length * 2;
    }
  }
  return bytes;
}

/** The relay's number of a message that nobody has looked at yet. */
export function seqOf(raw: RawObject | undefined): number | undefined {
  const seq = raw?.seq;
  return typeof seq === "number" && Number.isSafeInteger(seq) ? seq : undefined;
}

/** The number of the newest message of a page, whatever else it holds. */
export function lastSeqOf(messages: readonly RawObject[]): number | undefined {
  return seqOf(messages.at(-1));
}

/** When a row says that it was sent. */
export function timeOf(row: RawObject | undefined): number | undefined {
  const time = row?.timestamp;
  return typeof time === "number" && Number.isSafeInteger(time)
    ? time
    : undefined;
}

/** One millisecond is read twice, so that messages of the same one aren't lost; unless that leads nowhere. */
export function nextBefore(oldest: number, before: number | undefined): number {
  return before !== undefined && oldest + 1 >= before ? oldest : oldest + 1;
}
