import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** What a watcher may make the relay hold. */
export const WATCHER = {
  /** Bytes that wait to be read by it; past that events go by it, and it is told so. */
  queueBytes: 65_536,
  /** How long its queue may wait without a byte being taken. */
  stalledMs: 30_000,
  /** Bytes of its own that are read and dropped; a watcher has nothing to say. */
  heardBytes: 8_192,
} as const;

/** A socket with what the system says of its progress. */
export type WatcherStream = Duplex & {
  readonly bytesWritten?: number;
  resetAndDestroy?(): void;
};

/** One who watches a room: its stream, bounded. It is ended by whoever reads, or when it takes nothing. */
export class Watcher {
  /** What its client counts as in limits. */
  readonly address: string;
  readonly #stream: WatcherStream;
  #hasMissed = false;
  #heard = 0;
  #taken = 0;
  #takenAt: number;

  /** @param now monotonic milliseconds. */
  constructor(address: string, stream: WatcherStream, now: number) {
    this.address = address;
    this.#stream = stream;
    this.#takenAt = now;
    stream.on("data", (bytes: Buffer) => {
      this.#heard += bytes.length;
      if (this.#heard > WATCHER.heardBytes) this.cut();
    });
    stream.on("end", () => stream.destroy());
    stream.resume();
  }

  get waitingBytes(): number {
    return this.#stream.writableLength;
  }

  /** @param resync is written first to one that events went by. */
  write(bytes: Buffer, resync: Buffer): void {
    if (this.waitingBytes > WATCHER.queueBytes) {
      this.#hasMissed = true;
      return;
    }
    if (this.#hasMissed) this.#stream.write(resync);
    this.#hasMissed = false;
    this.#stream.write(bytes);
  }

  /** Ends it when it has taken nothing of what waits for too long. */
  checkProgress(now: number): void {
    const waiting = this.waitingBytes;
    const taken = (this.#stream.bytesWritten ?? 0) - waiting;
    if (waiting === 0 || taken > this.#taken) {
      this.#taken = taken;
      this.#takenAt = now;
    } else if (now - this.#takenAt >= WATCHER.stalledMs) this.cut();
  }

  /** Ends it once what waits has left. */
  end(): void {
    this.#stream.end();
  }

  /** Ends it now; what it has not read is not kept by the system either. */
  cut(): void {
    if (this.waitingBytes > 0) this.#stream.resetAndDestroy?.();
    this.#stream.destroy();
  }
}
