/** A line between a program and a server that can be cut, severed, stalled, slowed and split. Loopback alone. */
export class FaultProxy {
  readonly #listener: Deno.TcpListener;
  readonly #targets: readonly number[];
  readonly #open = new Set<Deno.TcpConn>();
  /** Milliseconds that each piece waits. */
  delayMs = 0;
  /** Bytes of the largest piece that is passed on at once. */
  mostBytes = 65_536;
  #stalled: PromiseWithResolvers<void> | undefined;
  #isSevered = false;
  cuts = 0;
  #joined = 0;

  /** @param targets ports of the server, or of several that are one: each line goes to the next of them. */
  constructor(...targets: [number, ...number[]]) {
    this.#targets = targets;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** As a relay's. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}/v1/ws`;
  }

  /** Every line breaks, without a farewell. */
  cut(): void {
    this.cuts++;
    for (const conn of this.#open) conn.close();
    this.#open.clear();
  }

  /** Every line breaks, and whoever comes is turned away until {@link resume}. */
  sever(): void {
    this.#isSevered = true;
    this.cut();
  }

  /** Nothing passes either way, and nobody is told: a half-open line. */
  stall(): void {
    this.#stalled ??= Promise.withResolvers();
  }

  resume(): void {
    this.#isSevered = false;
    this.#stalled?.resolve();
    this.#stalled = undefined;
  }

  [Symbol.dispose](): void {
    this.resume();
    this.cut();
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    try {
      for await (const near of this.#listener) this.#join(near);
    } catch (error) {
      if (!isEnd(error)) throw error;
    }
  }

  async #join(near: Deno.TcpConn): Promise<void> {
    if (this.#isSevered) return near.close();
    this.#open.add(near);
    try {
      const far = await Deno.connect({
        hostname: "127.0.0.1",
        port: this.#targets[this.#joined++ % this.#targets.length] as number,
      });
      if (!this.#open.has(near)) return far.close();
      this.#open.add(far);
      this.#pipe(near, far);
      this.#pipe(far, near);
    } catch (error) {
      this.#end(near);
      if (!isEnd(error)) throw error;
    }
  }

  async #pipe(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await from.read(buffer.subarray(0, this.mostBytes));
        if (count === null) break;
        await this.#stalled?.promise;
        if (this.delayMs > 0) {
          await new Promise((resolve) => setTimeout(resolve, this.delayMs));
        }
        for (let sent = 0; sent < count;) {
          sent += await to.write(buffer.subarray(sent, count));
        }
      }
    } catch (error) {
      if (!isEnd(error)) throw error;
    }
    this.#end(from);
    this.#end(to);
  }

  #end(conn: Deno.TcpConn): void {
    if (this.#open.delete(conn)) conn.close();
  }
}

/** What a line that ends looks like from inside. */
function isEnd(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.BrokenPipe;
}
