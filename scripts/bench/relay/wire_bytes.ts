import { Buffer } from "node:buffer";
import { textFrame } from "../../../relay/shell/websocket_frame.ts";

const MASKED = 0x80;
/** A mask of zeros leaves a frame's bytes as they are; who hears it unmasks it all the same. */
const MASK = Buffer.alloc(4);

/** Text frames as a client sends them (RFC 6455 section 5.3). */
export function clientFrames(texts: readonly string[]): Buffer {
  return Buffer.concat(texts.flatMap((text) => {
    const frame = textFrame(text);
    const head = Buffer.from(frame.subarray(0, headBytes(frame[1] ?? 0)));
    head[1] = (head[1] ?? 0) | MASKED;
    return [head, MASK, frame.subarray(head.length)];
  }));
}

/** Text frames as a server sends them. */
export function serverFrames(texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map(textFrame));
}

/** Bytes of an unmasked frame's head, by its second byte. */
function headBytes(second: number): number {
  return second < 126 ? 2 : second === 126 ? 4 : 10;
}

/** Finds where frames of a server end, from their heads alone: what is in them is passed over. */
export class FrameWalk {
  #head = Buffer.alloc(10);
  #headBytes = 0;
  /** Bytes of the frame under way that are still to come, once its head is known. */
  #left = 0;

  /** Calls `ended` for each frame that ends in the chunk, with the place behind it. */
  take(chunk: Buffer, ended: (at: number) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, chunk.length - at);
        at += step;
        this.#left -= step;
      } else {
        this.#head[this.#headBytes++] = chunk[at++] ?? 0;
        const wanted = this.#headBytes < 2 ? 2 : headBytes(this.#head[1] ?? 0);
        if (this.#headBytes < wanted) continue;
        this.#left = this.#payload(wanted);
        this.#headBytes = 0;
      }
      if (this.#left === 0 && this.#headBytes === 0) ended(at);
    }
  }

  #payload(headBytes: number): number {
    if (headBytes === 2) return this.#head[1] ?? 0;
    if (headBytes === 4) return this.#head.readUInt16BE(2);
    return Number(this.#head.readBigUInt64BE(2));
  }
}
