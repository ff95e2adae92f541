/** What a program asks its terminal, and what one of no great abilities answers. */
const ANSWERS: readonly (readonly [question: string, answer: string])[] = [
  ["\x1b[6n", "\x1b[1;1R"],
  ["\x1b[c", "\x1b[?1;2c"],
  ["\x1b[?u", "\x1b[?0u"],
  ["\x1b]10;?", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\"],
  ["\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"],
];

export interface TerminalOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A program in a terminal of its own, by script(1) of util-linux. */
export class Terminal implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #drained: Promise<void>;
  /** What it wrote so far. */
  output = "";
  #wake: () => void = () => {};

  /** @param words program and arguments, of plain characters. */
  constructor(words: readonly string[], { cwd, env }: TerminalOptions) {
    for (const word of words) {
      if (!/^[\w./:@=+-]+$/.test(word)) throw new Error(`not plain: ${word}`);
    }
    const line = `stty rows 40 cols 120; exec ${words.join(" ")}`;
    this.#child = new Deno.Command("script", {
      args: ["--quiet", "--flush", "--command", line, "/dev/null"],
      ...{ cwd, env: { TERM: "xterm-256color", ...env }, clearEnv: true },
      ...{ stdin: "piped", stdout: "piped", stderr: "null" },
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#drained = this.#drain();
  }

  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Until what it wrote matches; the test's own time limit ends what never does. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async #drain(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.#child.stdout) {
      const text = decoder.decode(bytes, { stream: true });
      this.output += text;
      const answer = ANSWERS.filter(([question]) => text.includes(question))
        .map(([, answer]) => answer).join("");
      if (answer !== "") await this.type(answer);
      this.#wake();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#drained;
    await this.#child.status;
  }
}
