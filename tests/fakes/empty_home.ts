import {
  type Answer,
  type RunOptions,
  type Stage,
  withValue,
} from "../../scripts/stage.ts";

/**
 * A home folder with nothing in it, on a stage: every daemon that is started in it from there ends with it, whoever
 * its parent is by then.
 */
export class EmptyHome {
  readonly folder: string;
  readonly #stage: Stage;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    stage: Stage,
    folder: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.#stage = stage;
    this.folder = folder;
    this.#env = env;
  }

  static async make(
    stage: Stage,
    name: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<EmptyHome> {
    const folder = `${stage.folder}/home of ${name}`;
    await Deno.mkdir(folder);
    return new EmptyHome(stage, folder, env);
  }

  /** What is set for every run. */
  get env(): Record<string, string> {
    const home = Deno.env.get("HOME") ?? "";
    const runtime = {
      DENO: Deno.execPath(),
      // The packages that are here already are not fetched again.
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${home}/.cache/deno`,
    };
    return {
      HOME: this.folder,
      ...(this.#stage.isBare ? {} : runtime),
      NO_COLOR: "1",
      ...this.#env,
    };
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Answer> {
    const env = { ...this.env, ...options.env };
    return this.#stage.run(args, { ...options, env });
  }

  /** Runs with --json; its answer, parsed. */
  async json(args: readonly string[], options: RunOptions = {}) {
    return withValue(args, await this.run([...args, "--json"], options));
  }

  /** Ends the daemons of every identity. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const dir of await this.#dataDirs()) {
      const pid = await pidIn(dir);
      if (pid !== null) await killed(pid);
    }
  }

  async #dataDirs(): Promise<string[]> {
    const home = `${this.folder}/.agentnet`;
    return [home, ...await foldersIn(`${home}/as`)];
  }
}

/** The pid in a data dir's file; null where there is none. */
export async function pidIn(dir: string): Promise<number | null> {
  try {
    return Number(await Deno.readTextFile(`${dir}/daemon.pid`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Kills a process that is no child of ours, and returns when it has gone. */
export async function killed(pid: number): Promise<void> {
  for (;;) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (await isZombie(pid)) return;
  }
}

/** All its threads have ended, with what they held open, and whoever should has not asked for its exit code yet. */
async function isZombie(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "stat=", "-p", `${pid}`],
  }).output();
  // "l" where the first thread has gone before others.
  return /^Z[^l]*$/.test(new TextDecoder().decode(stdout).trim());
}

async function foldersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      found.push(`${folder}/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found;
}
