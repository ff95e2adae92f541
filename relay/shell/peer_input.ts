import type { DecodeFault } from "../../lib/protocol/decode.ts";
import type { Checked } from "../checks/member_frame.ts";

/** A frame that came in: its text, or why it was not even read. */
export type Incoming = string | DecodeFault;

/** Frames that go elsewhere to be checked in one message. */
const BATCH = 16;

/** A frame that waits for its turn. */
export class WaitingFrame {
  readonly content: Incoming;
  /** Nobody has looked at it; another thread does; it was to come back, to be looked at here; or what it is. */
  check: "unseen" | "away" | "here" | Checked = "unseen";

  constructor(content: Incoming) {
    this.content = content;
  }
}

/** A peer's frames in the order in which they came, which is that in which they are handled wherever they were checked. */
export class PeerInput {
  #frames: WaitingFrame[] = [];
  #bytes = 0;

  get length(): number {
    return this.#frames.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The next one, if it can be handled. */
  get next(): WaitingFrame | undefined {
    const [first] = this.#frames;
    return first?.check === "away" ? undefined : first;
  }

  push(content: Incoming): void {
    this.#frames.push(new WaitingFrame(content));
    this.#bytes += sizeOf(content);
  }

  shift(): WaitingFrame | undefined {
    const frame = this.#frames.shift();
    if (frame !== undefined) this.#bytes -= sizeOf(frame.content);
    return frame;
  }

  /** The first of those that nobody has looked at. */
  unseen(): WaitingFrame[] {
    return this.#frames.filter(({ check }) => check === "unseen").slice(
      0,
      BATCH,
    );
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }
}

function sizeOf(frame: Incoming): number {
  return typeof frame === "string" ? frame.length : 0;
}
