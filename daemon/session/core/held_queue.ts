import type { VerifiedMessage } from "./verified_message.ts";

/** Live messages that wait while a room's past is fetched, and their bytes, about. */
const MOST_HELD = 1_000;
const MOST_HELD_BYTES = 4 * 1024 * 1024;

/** A live message that waits. */
export interface HeldMessage {
  readonly message: VerifiedMessage;
  /** The connection broke before it: what was said meanwhile is missing unless it is fetched. */
  readonly gapBefore: boolean;
}

function sizeOf({ frame }: VerifiedMessage): number {
  return frame.content.text.length * 2 + 1_000;
}

/** The live messages that wait in a room, in the order of the connection, and where something may be missing between them. */
export class HeldQueue {
  #messages: HeldMessage[] = [];
  #bytes = 0;
  #isBroken = false;
  /** More came than can wait, or went by unread: nothing more waits until that is fetched, or is a gap. */
  overflow = false;

  get messages(): readonly HeldMessage[] {
    return this.#messages;
  }

  /** Whether the connection broke behind the last one. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  hold(message: VerifiedMessage): void {
    const bytes = sizeOf(message);
    const isFull = this.overflow || this.#messages.length >= MOST_HELD ||
      this.#bytes + bytes > MOST_HELD_BYTES;
    if (isFull) {
      this.overflow = true;
      return;
    }
    this.#messages.push({ message, gapBefore: this.#isBroken });
    this.#isBroken = false;
    this.#bytes += bytes;
  }

  /** The oldest ones are had. */
  remove(count: number): void {
    for (const { message } of this.#messages.splice(0, count)) {
      this.#bytes -= sizeOf(message);
    }
  }

  /** What is said from now on does not wait. */
  breakOff(): void {
    this.#isBroken ||= this.#messages.length > 0;
  }

  /** What was said meanwhile is had, unless more went by since. */
  mend(): void {
    this.#messages = this.#messages.map(({ message }) => ({
      ...{ message, gapBefore: false },
    }));
    this.#isBroken = false;
  }

  /** All is had. */
  wasEmptied(): void {
    this.overflow = false;
    this.#isBroken = false;
  }
}
