import { type Clock, sleep } from "../../lib/clock.ts";
import type { OutputClosed } from "../cli/cli_context.ts";
import { outputClosed } from "../cli/output_closed.ts";

/** How long to wait before a pipe that is full is tried again, in milliseconds. */
const FULL_PIPE_MS = 5;

/** Where the bytes of an {@link HostOutput} go. */
export interface ByteSink {
  /** Writes some of them, at least one; resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Standard output for a program that goes on reading while a slow host takes its answers. */
export class HostOutput {
  readonly #clock: Clock;
  readonly #sink: ByteSink;
  #failure: OutputClosed | undefined;

  constructor(clock: Clock, sink: ByteSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  /** Writes all of it, one call at a time; rejects when it can't. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#writeSome(rest));
      }
    } catch (error) {
      this.#failure ??= outputClosed(error);
      throw error;
    }
  }

  /**
   * Ends a program whose answers were lost.
   *
   * @throws {OutputClosed} with what the output failed of.
   */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #writeSome(bytes: Uint8Array): Promise<number> {
    try {
      return await this.#sink.write(bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      // Another process made the shared pipe non-blocking, and its reader is slow.
      await sleep(this.#clock, FULL_PIPE_MS);
      return 0;
    }
  }
}
