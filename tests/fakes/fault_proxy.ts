/** How a line behaves. */
export interface LineFaults {
  /** Nothing passes, in either direction, though the line stays open. */
  stalled: boolean;
  /** Most bytes a write; small ones split frames in the middle. */
  chunkBytes: number;
  /** Pause after each write, in milliseconds. */
  pauseMs: number;
}

/** A TCP proxy in front of a relay that does to lines what bad networks do. */
export class FaultProxy implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #lines = new Set<Line>();
  readonly #serving: Promise<void>;
  /** Where new lines go; a relay that restarted may have another port. */
  target: { hostname: string; port: number };
  readonly faults: LineFaults = {
    stalled: false,
    chunkBytes: 65_536,
    pauseMs: 0,
  };

  constructor(target: { hostname: string; port: number }) {
    this.target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#serving = this.#serve();
  }

  /** The same path behind this proxy's address. */
  url(relay: string): string {
    const url = new URL(relay);
    url.port = String((this.#listener.addr as Deno.NetAddr).port);
    return url.href;
  }

  get openLines(): number {
    return this.#lines.size;
  }

  /** Cuts every line at once, without a word. */
  cut(): void {
    for (const line of this.#lines) line.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    try {
      for await (const agent of this.#listener) void this.#join(agent);
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #join(agent: Deno.TcpConn): Promise<void> {
    let relay: Deno.TcpConn;
    try {
      relay = await Deno.connect(this.target);
    } catch (error) {
      agent.close();
      if (error instanceof Deno.errors.ConnectionRefused) return;
      throw error;
    }
    const line = new Line([agent, relay], this.faults);
    this.#lines.add(line);
    await line.run();
    this.#lines.delete(line);
  }
}

/** Two ends and what passes between them. */
class Line {
  readonly #ends: readonly [Deno.TcpConn, Deno.TcpConn];
  readonly #faults: LineFaults;
  #isOpen = true;

  constructor(ends: readonly [Deno.TcpConn, Deno.TcpConn], faults: LineFaults) {
    this.#ends = ends;
    this.#faults = faults;
  }

  async run(): Promise<void> {
    const [agent, relay] = this.#ends;
    await Promise.all([this.#pump(agent, relay), this.#pump(relay, agent)]);
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const end of this.#ends) end.close();
  }

  async #pump(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (
        let count = await from.read(buffer);
        count !== null;
        count = await from.read(buffer)
      ) {
        await this.#pass(to, buffer.subarray(0, count));
      }
    } catch (error) {
      // A line that was cut ends in whichever of these comes first.
      const { BadResource, ConnectionReset, BrokenPipe, Interrupted } =
        Deno.errors;
      const expected = [BadResource, ConnectionReset, BrokenPipe, Interrupted];
      if (!expected.some((kind) => error instanceof kind)) throw error;
    } finally {
      this.end();
    }
  }

  async #pass(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      while (this.#faults.stalled && this.#isOpen) await pause(20);
      if (!this.#isOpen) return;
      at += await to.write(bytes.subarray(at, at + this.#faults.chunkBytes));
      if (this.#faults.pauseMs > 0) await pause(this.#faults.pauseMs);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
