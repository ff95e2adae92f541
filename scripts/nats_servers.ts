// A cluster of nats-servers as real processes in a temporary folder, for the
// demo, the benches and the e2e tests of relays that share a log: each can be
// killed, paused and started again.

import { Background } from "./background.ts";
import { PortBlock } from "./port_block.ts";

/** Where a system's package has the program, besides the PATH. */
const USUAL = "/usr/sbin/nats-server";
/** A port that nobody listens on (discard, RFC 863). */
const NOWHERE = 9;
/** How long they may take until they can be written to, on any machine; milliseconds. */
const START_MS = 120_000;

/**
 * The program that the tests run, as `.ci/run` or a system's package brought it; undefined where there is none. One
 * that NATS_SERVER names is taken to be there, so that what needs it fails rather than is left out.
 */
export function natsServer(): string | undefined {
  const named = Deno.env.get("NATS_SERVER");
  if (named !== undefined && named !== "") return named;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const paths = [...folders.map((folder) => `${folder}/nats-server`), USUAL];
  return paths.find(isFile);
}

export interface NatsOptions {
  /** An empty folder for their files. */
  readonly folder: string;
  /** How many. Default 3. */
  readonly count?: number;
  /** When their stores are fsynced: at each write, or as the server does unless told. Default "always". */
  readonly sync?: "always" | "default";
  /** Lines put into each server's configuration, such as users or TLS. */
  readonly more?: string;
  /** Lines put into its jetstream block. */
  readonly store?: string;
  /** The port by which one server dials another's routes, where it is not that one's own: something stands between. */
  readonly dials?: (from: number, to: number, port: number) => number;
  /** The whole configuration in place of ours, for one server of these. */
  readonly configuration?: (own: number, ports: readonly Ports[]) => string;
}

/** One server's ports. */
export interface Ports {
  readonly client: number;
  readonly route: number;
  readonly monitor: number;
}

/** Servers that are one cluster; everything ends with it. */
export class NatsServers {
  readonly #program: string;
  readonly #options: NatsOptions;
  readonly #block = PortBlock.take();
  readonly #ports: readonly Ports[];
  readonly #running: (Background | null)[];

  private constructor(program: string, options: NatsOptions) {
    const { count = 3 } = options;
    this.#program = program;
    this.#options = options;
    const next = () => this.#block.next();
    this.#ports = Array.from({ length: count }, () => ({
      ...{ client: next(), route: next(), monitor: next() },
    }));
    this.#running = Array.from({ length: count }, () => null);
  }

  /** Starts them all and waits until their log can be written. */
  static async start(options: NatsOptions): Promise<NatsServers> {
    const program = natsServer();
    if (program === undefined) {
      throw new Error(
        "no nats-server here; bring one: NATS_SERVER=$(scripts/nats_server.sh FOLDER)",
      );
    }
    const servers = new NatsServers(program, options);
    try {
      servers.#ports.forEach((_, i) => servers.spawn(i));
      await servers.ready();
      return servers;
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What `--cluster` takes. */
  get urls(): string {
    return this.#ports.map(({ client }) => `nats://127.0.0.1:${client}`)
      .join(",");
  }

  /** What `--cluster-monitor` takes. */
  get monitors(): string {
    return this.#ports.map(({ monitor }) => `http://127.0.0.1:${monitor}`)
      .join(",");
  }

  get count(): number {
    return this.#ports.length;
  }

  /** Where clients come in, of each. */
  get clientPorts(): number[] {
    return this.#ports.map(({ client }) => client);
  }

  /** Starts one that does not run. */
  spawn(index: number): void {
    if (this.#running[index] !== null) return;
    const name = `n${index + 1}`;
    const { folder } = this.#options;
    const path = `${folder}/${name}.conf`;
    Deno.writeTextFileSync(path, this.#configuration(index));
    this.#running[index] = new Background(
      new Deno.Command(this.#program, {
        args: ["--config", path],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
  }

  /** Ends one at once, as a machine that fails does. */
  async kill(index: number): Promise<void> {
    const process = this.#running[index];
    this.#running[index] = null;
    process?.kill("SIGKILL");
    await process?.status;
  }

  /** Ends one in order, as an upgrade does. */
  async stop(index: number): Promise<void> {
    const process = this.#running[index];
    this.#running[index] = null;
    await process?.end();
  }

  pause(index: number): void {
    this.#running[index]?.kill("SIGSTOP");
  }

  resume(index: number): void {
    this.#running[index]?.kill("SIGCONT");
  }

  /** Which of them leads the servers' own group; undefined while none does. */
  async leader(): Promise<number | undefined> {
    for (const { monitor } of this.#ports) {
      const leader = leaderOf(await json(`http://127.0.0.1:${monitor}/jsz`));
      if (leader !== undefined) return Number(leader.slice(1)) - 1;
    }
    return undefined;
  }

  /** How many lines it has to the others; NaN where it does not say. */
  async routes(index: number): Promise<number> {
    const monitor = this.#ports[index]?.monitor;
    const routez = await json(`http://127.0.0.1:${monitor}/routez`);
    return (routez as { num_routes?: number } | null)?.num_routes ?? NaN;
  }

  /** Waits until those that run have a leader, and each of them has caught up with it. */
  async ready(): Promise<void> {
    const end = performance.now() + START_MS;
    for (;;) {
      const states = await Promise.all(
        this.#ports.map(({ monitor }, i) =>
          this.#running[i] === null
            ? true
            : isHealthy(`http://127.0.0.1:${monitor}/healthz`)
        ),
      );
      if (states.every(Boolean) && await this.leader() !== undefined) return;
      if (performance.now() > end) throw new Error(this.#told());
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #told(): string {
    const said = this.#running.map((process) => process?.output ?? "(ended)");
    return `nats-servers are not ready:\n${said.join("\n")}`;
  }

  #configuration(index: number): string {
    const { configuration } = this.#options;
    if (configuration !== undefined) return configuration(index, this.#ports);
    const { folder, sync = "always", more = "", store = "" } = this.#options;
    const { client, route, monitor } = this.#ports[index] as Ports;
    return `server_name: n${index + 1}
listen: 127.0.0.1:${client}
http: 127.0.0.1:${monitor}
jetstream {
  store_dir: ${JSON.stringify(`${folder}/n${index + 1}`)}
  ${sync === "always" ? "sync_interval: always" : ""}
  ${store}
}
cluster {
  name: agentnet
  listen: 127.0.0.1:${route}
  ${this.#routes(index)}
}
${more}
`;
  }

  /** What others tell of a server leads nowhere where something is to stand between. */
  #routes(own: number): string {
    const { dials } = this.#options;
    const urls = this.#ports.map(({ route }, i) => {
      const port = dials === undefined || i === own
        ? route
        : dials(own, i, route);
      return `nats-route://127.0.0.1:${port}`;
    });
    const told = dials === undefined ? "" : `advertise: 127.0.0.1:${NOWHERE}`;
    return `routes: [${urls.join(", ")}]\n  ${told}`;
  }

  /** Paused ones end too. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((_, i) => this.kill(i)));
    this.#block[Symbol.dispose]();
  }
}

async function json(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return await answer.json();
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  const health = await json(url);
  return (health as { status?: unknown } | null)?.status === "ok";
}

/** Refused, reset, or silent for too long. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException ||
    error instanceof SyntaxError;
}

function leaderOf(jsz: unknown): string | undefined {
  const cluster = (jsz as { meta_cluster?: { leader?: string } } | null)
    ?.meta_cluster;
  return cluster?.leader === "" ? undefined : cluster?.leader;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
