// A relay and agents as real processes in a temporary folder: what the demo,
// the benches and the e2e tests stand on. Everything ends with the stage.

import { Background } from "./background.ts";
import { PortBlock } from "./port_block.ts";

const LAUNCHER = decodeURIComponent(
  new URL("./agentnet", import.meta.url).pathname,
);
/** How long a program may take until it says that it is up, in milliseconds: a bound on what hangs, on any machine. */
const START_MS = 120_000;
/** So often a folder is removed in which somebody still writes. */
const MOST_REMOVALS = 50;

/** What one command came to. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Which program the stage runs, and in what environment. */
export interface StageOptions {
  /** Path of an executable; the launcher from source without it. */
  readonly program?: string;
  /** An empty environment but for a home of its own and the system's folders on the PATH, as on a host without Deno. */
  readonly bare?: boolean;
  /** Set for every run. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  readonly cwd?: string;
}

/** A relay that listens. */
export interface StagedRelay {
  /** ws://127.0.0.1:PORT/v1/ws */
  readonly url: string;
  readonly process: Background;
}

export interface DaemonOptions {
  readonly relay: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder and the processes started in it. */
export class Stage {
  readonly folder: string;
  readonly #options: StageOptions;
  readonly #started: Background[] = [];
  #ports: PortBlock | null = null;

  private constructor(folder: string, options: StageOptions) {
    this.folder = folder;
    this.#options = options;
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const folder = await Deno.makeTempDir({ prefix: "agentnet-stage-" });
    await Deno.mkdir(`${folder}/home`);
    return new Stage(folder, options);
  }

  /** Whether the program finds nothing of ours around it. */
  get isBare(): boolean {
    return this.#options.bare ?? false;
  }

  /** Runs the program to its end. */
  async run(
    args: readonly string[],
    options: RunOptions = {},
  ): Promise<Answer> {
    const child = this.#command(args, options).spawn();
    const output = child.output();
    await feed(child, options.stdin);
    const { code, stdout, stderr } = await output;
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  /** Starts the program in the background; it ends with the stage at the latest. */
  start(args: readonly string[], options: RunOptions = {}): Background {
    const child = this.#command(args, options).spawn();
    const background = new Background(child);
    this.#started.push(background);
    return background;
  }

  /** Starts a relay on a free port, without age gates unless `flags` say so. */
  async startRelay(
    flags: readonly string[] = ["--join-age", "0", "--create-age", "0"],
    options: {
      data?: string;
      port?: number;
      env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<StagedRelay> {
    const data = options.data ?? `${this.folder}/relay`;
    const listen = `127.0.0.1:${options.port ?? 0}`;
    const args = ["relay", "--listen", listen, "--data", data, ...flags];
    const process = this.start(args, { env: options.env ?? {} });
    const line = await process.line(/ws:\/\/\S+\/v1\/ws/, START_MS);
    return { url: line[0], process };
  }

  /** One of loopback that no other process is given as long as the stage stands: for what starts later, or again. */
  port(): number {
    return (this.#ports ??= PortBlock.take()).next();
  }

  /** An agent whose data dir is `folder/name`; its daemon is not started yet. */
  agent(name: string): StagedAgent {
    return new StagedAgent(this, name);
  }

  #command(args: readonly string[], options: RunOptions): Deno.Command {
    const { program = LAUNCHER, bare = false, env } = this.#options;
    const base = bare
      ? { PATH: "/usr/bin:/bin", HOME: `${this.folder}/home` }
      : cleanEnv();
    return new Deno.Command(program, {
      args: [...args],
      cwd: options.cwd ?? this.folder,
      clearEnv: true,
      env: { ...base, ...env, ...options.env },
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Ends every process and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#started.map((one) => one.end()));
    this.#ports?.[Symbol.dispose]();
    await removed(this.folder);
  }
}

/** One agent's view of the program: its own data dir, its own daemon. */
export class StagedAgent {
  readonly name: string;
  readonly dataDir: string;
  readonly #stage: Stage;

  constructor(stage: Stage, name: string) {
    this.#stage = stage;
    this.name = name;
    this.dataDir = `${stage.folder}/${name}`;
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Answer> {
    const env = { AGENTNET_DATA_DIR: this.dataDir, ...options.env };
    return this.#stage.run(args, { ...options, env });
  }

  /** Runs with --json; the answer's stdout, parsed. */
  async json(args: readonly string[], options: RunOptions = {}) {
    return withValue(args, await this.run([...args, "--json"], options));
  }

  /** Starts the daemon and waits until its local API answers. */
  async startDaemon(options: DaemonOptions): Promise<Background> {
    const env = {
      AGENTNET_DATA_DIR: this.dataDir,
      AGENTNET_RELAY: options.relay,
      AGENTNET_NAME: this.name,
      AGENTNET_API: "127.0.0.1:0",
      ...options.env,
    };
    const args = ["daemon", ...options.flags ?? []];
    const process = this.#stage.start(args, { env });
    await process.line(/http:\/\/\S+/, START_MS);
    return process;
  }

  /** The daemon, connected to its relay. */
  async online(options: DaemonOptions): Promise<Background> {
    const process = await this.startDaemon(options);
    const ready = await this.run(["wait-ready", "--timeout", "60s"]);
    if (ready.code !== 0) throw new Error(ready.stderr + process.output);
    return process;
  }
}

/** Our environment without what would steer the program. */
function cleanEnv(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) =>
    !/^AGENTNET_|_proxy$/i.test(name)
  );
  return {
    ...Object.fromEntries(kept),
    DENO: Deno.execPath(),
    NO_COLOR: "1",
  };
}

/** A daemon that `up` started and `stop` was told to may still write there for a moment: then a folder is not empty. */
async function removed(folder: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch (error) {
      if (tries === MOST_REMOVALS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function feed(
  child: Deno.ChildProcess,
  content: string | Uint8Array<ArrayBuffer> | undefined,
): Promise<void> {
  if (content === undefined) return;
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(bytes);
    await writer.close();
  } catch (error) {
    // It may end without reading to the end: its exit code tells why.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** What a command that was run with --json came to, and what its stdout says. @throws Error where that is no JSON */
export function withValue(args: readonly string[], answer: Answer) {
  try {
    return { ...answer, value: JSON.parse(answer.stdout) };
  } catch (cause) {
    const told = `${answer.code} ${answer.stdout}${answer.stderr}`;
    throw new Error(`${args.join(" ")}: no JSON: ${told}`, { cause });
  }
}
