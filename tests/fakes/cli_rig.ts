import {
  type CliContext,
  type CliSignal,
  type NewFile,
  OutputClosed,
} from "../../commands/cli/cli_context.ts";
import { run } from "../../commands/cli/run.ts";
import { Failure } from "../../lib/errors.ts";
import { joined } from "../../lib/protocol/byte_layout.ts";
import { OpenableFiles } from "./openable_files.ts";
import { FakeClock } from "./fake_clock.ts";

/** One request that reached the daemon's API. */
export interface ApiCall {
  /** `GET messages`, `POST send`. */
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the daemon answers: a value, a Failure, or a whole Response. */
export type ApiAnswer = (call: ApiCall) => unknown;

/** What one command came to. */
export interface CliAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the rig's daemon keeps its files. */
export const RIG_DIR = "/home/agent/.agentnet";
const TOKEN = "a-token-of-the-rig";

/** The program with all that surrounds it stood in for: files, environment, clock, and a daemon that answers by table. */
export class CliRig {
  readonly clock = new FakeClock();
  readonly calls: ApiCall[] = [];
  readonly env = new Map([["HOME", "/home/agent"]]);
  readonly files = new Map<string, string | Uint8Array>([
    [`${RIG_DIR}/api.token`, `${TOKEN}\n`],
    [`${RIG_DIR}/api.addr`, "127.0.0.1:9900\n"],
  ]);
  /** The same as files that can be sent. */
  readonly openable = new OpenableFiles((path) => this.#bytesAt(path));
  readonly answers: Record<string, ApiAnswer>;
  stdin: Uint8Array = new Uint8Array();
  /** True: whoever writes it never closes it. */
  stdinStaysOpen = false;
  /** True: nobody listens at the daemon's address. */
  daemonDown = false;
  /** True: a daemon has the lock of its folder. */
  lockHeld = false;
  /** True: it listens, and answers nothing. */
  hangs = false;
  /** So many bytes go out on stdout; then its reader has gone. */
  stdoutRoom = Infinity;
  /** Of new files, in characters. */
  fileRoom = Infinity;
  /** What the daemon does with files. */
  stream: CliContext["stream"] = () =>
    Promise.reject(new Deno.errors.ConnectionRefused("refused"));
  /** Called with the address of each request. */
  seen: (url: URL) => void = () => {};
  #random = 0;

  constructor(answers: Record<string, ApiAnswer> = {}) {
    this.answers = answers;
  }

  /** Runs one command line to its end. */
  /** The process that started the command. */
  parentPid = 4_700;

  async run(...args: string[]): Promise<CliAnswer> {
    const out = { stdout: "", stderr: "" };
    const code = await run(args, this.#context(out));
    return { code, ...out };
  }

  /** Routes asked, in order. */
  get routes(): string[] {
    return this.calls.map((call) => call.route);
  }

  #context(out: { stdout: string; stderr: string }): CliContext {
    return {
      stdout: {
        write: (text) => {
          this.stdoutRoom -= new TextEncoder().encode(text).length;
          if (this.stdoutRoom < 0) throw new OutputClosed("gone");
          out.stdout += text;
        },
      },
      stderr: { write: (text) => void (out.stderr += text) },
      env: (name) => this.env.get(name),
      readStdin: (most) =>
        this.stdinStaysOpen
          ? new Promise(() => {})
          : Promise.resolve(this.stdin.subarray(0, most + 1)),
      readStdinLine: (most) => {
        const text = new TextDecoder().decode(this.stdin);
        const line = text.split("\n", 1)[0]!.slice(0, most);
        this.stdin = new TextEncoder().encode(text.slice(line.length + 1));
        return Promise.resolve(line);
      },
      openStdin: () => piecesOf(this.stdin),
      readFile: (path, most) =>
        Promise.resolve(path).then((one) =>
          bytesOf(this.#file(one)).subarray(0, most + 1)
        ),
      readTextFile: (path) =>
        Promise.resolve(path).then((one) =>
          new TextDecoder().decode(bytesOf(this.#file(one)))
        ),
      openFile: (path) =>
        Promise.resolve(path).then((one) => piecesOf(this.#file(one))),
      createFile: (path) =>
        Promise.resolve(path).then(() => this.#create(path)),
      lockState: (path) => {
        const isHeld = this.lockHeld && path === `${RIG_DIR}/daemon.lock`;
        return Promise.resolve(isHeld ? "held" : "absent");
      },
      fetch: (url, init) => this.#fetch(new URL(url), init),
      stream: (url, request) => this.stream(url, request),
      files: {
        open: (path) => this.openable.open(path),
        realPath: (path) => this.openable.realPath(path),
        within: (folders) => this.openable.within(folders),
      },
      clock: this.clock,
      deadline: (ms) => {
        const late = new AbortController();
        this.clock.after(ms, () => late.abort());
        return late.signal;
      },
      environment: {
        get: (name) => this.env.get(name),
        set: (name, value) => void this.env.set(name, value),
        delete: (name) => void this.env.delete(name),
      },
      pid: () => 4711,
      parentPid: () => this.parentPid,
      hostname: () => "host-of-the-rig",
      randomBytes: (count) => this.#bytes(count),
      onSignal: (_signal: CliSignal, _action: () => void) => () => {},
    };
  }

  #create(path: string): NewFile {
    if (this.files.has(path)) throw new Deno.errors.AlreadyExists(path);
    let isKept = false;
    this.files.set(path, "");
    return {
      write: (text) => {
        if (this.fileRoom < text.length) {
          return Promise.reject(new Error("no space left"));
        }
        this.fileRoom -= text.length;
        this.files.set(path, `${this.files.get(path)}${text}`);
        return Promise.resolve();
      },
      writeBytes: (bytes) => {
        if (this.fileRoom < bytes.length) {
          return Promise.reject(new Error("no space left"));
        }
        this.fileRoom -= bytes.length;
        const had = this.#bytesAt(path);
        this.files.set(path, joined(had, bytes));
        return Promise.resolve();
      },
      keep: () => Promise.resolve(void (isKept = true)),
      [Symbol.asyncDispose]: () => {
        if (!isKept) this.files.delete(path);
        return Promise.resolve();
      },
    };
  }

  #bytesAt(path: string): Uint8Array {
    const content = this.#file(path);
    return typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
  }

  #file(path: string): string | Uint8Array {
    const content = this.files.get(path);
    if (content === undefined) throw new Deno.errors.NotFound(path);
    return content;
  }

  /** Different at each call, the same in each run of the test. */
  #bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => (this.#random += 37) & 255);
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    await Promise.resolve();
    this.seen(url);
    if (this.daemonDown) throw new Deno.errors.ConnectionRefused("refused");
    if (this.hangs) return await untilAborted(init.signal ?? undefined);
    if (new Headers(init.headers).get("authorization") !== `Bearer ${TOKEN}`) {
      return answered(new Failure("BAD_TOKEN"));
    }
    const call = {
      route: `${init.method} ${url.pathname.replace("/v2/", "")}`,
      query: Object.fromEntries(url.searchParams),
      body: init.body === undefined ? undefined : JSON.parse(`${init.body}`),
    };
    this.calls.push(call);
    const answer = this.answers[call.route];
    return answered(answer ? await answer(call) : new Failure("NOT_FOUND"));
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
}

function answered(value: unknown): Response {
  if (value instanceof Response) return value;
  if (!(value instanceof Failure)) return Response.json(value);
  return Response.json({ error: value.toJson() }, { status: value.httpStatus });
}

function piecesOf(content: string | Uint8Array): AsyncIterable<string> {
  const text = new TextDecoder().decode(bytesOf(content));
  return ReadableStream.from([text.slice(0, 1_000), text.slice(1_000)]);
}
