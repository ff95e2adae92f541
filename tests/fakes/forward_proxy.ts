/** An HTTP proxy on a free port of 127.0.0.1 that opens every tunnel (CONNECT) to one address, whatever is asked for. */
export class ForwardProxy {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #lines = new Set<Deno.TcpConn>();
  readonly #to: { readonly hostname: string; readonly port: number };
  readonly #done: Promise<void>;
  /** The first line of each request. */
  readonly asked: string[] = [];

  /** @param to host:port that tunnels lead to. */
  constructor(to: string) {
    const { hostname, port } = new URL(`http://${to}`);
    this.#to = { hostname, port: Number(port) };
    this.#done = this.#accept();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async #accept(): Promise<void> {
    const served: Promise<unknown>[] = [];
    for await (const line of this.#listener) served.push(this.#serve(line));
    await Promise.allSettled(served);
  }

  async #serve(line: Deno.TcpConn): Promise<void> {
    this.#lines.add(line);
    const buffer = new Uint8Array(4096);
    const count = await line.read(buffer);
    if (count === null) return this.#close(line);
    const head = new TextDecoder().decode(buffer.subarray(0, count));
    this.asked.push(head.split("\r\n")[0] ?? "");
    const far = await Deno.connect(this.#to);
    this.#lines.add(far);
    await line.write(new TextEncoder().encode("HTTP/1.1 200 Open\r\n\r\n"));
    await Promise.race([copy(line, far), copy(far, line)]);
    this.#close(line);
    this.#close(far);
  }

  #close(line: Deno.TcpConn): void {
    if (this.#lines.delete(line)) line.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const line of this.#lines) this.#close(line);
    await this.#done;
  }
}

/** Ends with either side. */
async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(16_384);
  try {
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) return;
      for (let done = 0; done < count;) {
        done += await to.write(buffer.subarray(done, count));
      }
    }
  } catch (error) {
    // A line that was cut is closed like one that ended.
    if (!(error instanceof Error)) throw error;
  }
}
