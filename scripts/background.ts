/** Time between asking a process to end and ending it, in milliseconds. */
const GRACE_MS = 20_000;

/** A process in the background: its output is kept, and it can be ended for sure. */
export class Background {
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<unknown>;
  #output = "";
  #ended = false;
  #wake: () => void = () => {};

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#drained = Promise.all([
      this.#drain(child.stdout),
      this.#drain(child.stderr),
      child.status.then(() => this.#ended = true),
    ]).finally(() => this.#wake());
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it wrote so far, standard output and error as they came. */
  get output(): string {
    return this.#output;
  }

  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  /**
   * Waits until the output matches.
   * @throws when the process ends or the time is over first, with its output.
   */
  async line(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, withinMs);
    try {
      while (true) {
        const found = pattern.exec(this.#output);
        if (found) return found;
        if (this.#ended) throw new Error(`it ended: ${this.#output}`);
        if (late) throw new Error(`it never said so: ${this.#output}`);
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  kill(signal: Deno.Signal): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  /** Asks it to end, then ends it; returns its exit code. */
  async end(): Promise<number> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), GRACE_MS);
    try {
      const { code } = await this.#child.status;
      await this.#drained;
      return code;
    } finally {
      clearTimeout(timer);
    }
  }

  async #drain(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#output += text;
      this.#wake();
    }
  }
}
