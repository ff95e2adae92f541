// Several relays that are one, over nats-servers of their own, as real
// processes on a stage: for the demo, the benches and the e2e tests.

import { defined } from "../lib/defined.ts";
import { type NatsOptions, NatsServers } from "./nats_servers.ts";
import type { Stage, StagedRelay } from "./stage.ts";

/** What stands between the relays, the servers and one another: the ports that are dialled in place of the servers' own. */
export interface Wires {
  /** A server's way to another's routes. */
  route(from: number, to: number, port: number): number;
  /** A relay's way to a server. */
  client(node: string, to: number, port: number): number;
}

export interface ClusterOptions {
  readonly stage: Stage;
  /** The relays' names. Default a, b and c. */
  readonly nodes?: readonly string[];
  /** Of each relay. Default: no ages. */
  readonly flags?: readonly string[];
  /** Without them everybody dials the servers themselves. */
  readonly wires?: Wires;
  /** An empty folder for the files of servers and relays. Default: the stage's. */
  readonly folder?: string;
  readonly servers?: Pick<NatsOptions, "sync" | "store">;
}

const NO_AGES = ["--join-age", "0", "--create-age", "0"] as const;

/** Three servers, and relays over them. The relays end with the stage, the servers with this. */
export class ClusterStage {
  readonly servers: NatsServers;
  readonly #options: ClusterOptions;
  readonly #relays = new Map<string, StagedRelay>();

  private constructor(servers: NatsServers, options: ClusterOptions) {
    this.servers = servers;
    this.#options = options;
  }

  static async start(options: ClusterOptions): Promise<ClusterStage> {
    const { stage, nodes = ["a", "b", "c"], wires } = options;
    const folder = `${options.folder ?? stage.folder}/nats`;
    await Deno.mkdir(folder);
    const servers = await NatsServers.start({
      ...options.servers,
      folder,
      ...defined({ dials: wires && wires.route.bind(wires) }),
    });
    const cluster = new ClusterStage(servers, options);
    try {
      await Promise.all(nodes.map((node) => cluster.startRelay(node)));
      return cluster;
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts a relay that does not run; one that ran before, at its address and with its data. */
  async startRelay(
    node: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<StagedRelay> {
    const { stage, flags = NO_AGES } = this.#options;
    const { monitors } = this.servers;
    const urls = this.#serversOf(node);
    const before = this.#relays.get(node);
    const relay = await stage.startRelay([
      ...flags,
      ...["--cluster", urls, "--cluster-monitor", monitors, "--node", node],
    ], {
      env,
      data: this.dataOf(node),
      port: before === undefined
        ? stage.port()
        : Number(new URL(before.url).port),
    });
    this.#relays.set(node, relay);
    return relay;
  }

  #serversOf(node: string): string {
    const { wires } = this.#options;
    if (wires === undefined) return this.servers.urls;
    return this.servers.clientPorts.map((port, i) =>
      `nats://127.0.0.1:${wires.client(node, i, port)}`
    ).join(",");
  }

  relay(node: string): StagedRelay {
    const relay = this.#relays.get(node);
    if (relay === undefined) throw new Error(`no relay ${node}`);
    return relay;
  }

  dataOf(node: string): string {
    const { stage, folder = stage.folder } = this.#options;
    return `${folder}/relay-${node}`;
  }

  get nodes(): string[] {
    return [...this.#relays.keys()].sort();
  }

  /** Every relay's address, as a daemon takes them. */
  get urls(): string {
    return this.nodes.map((node) => this.relay(node).url).join(",");
  }

  async kill(node: string): Promise<void> {
    const { process } = this.relay(node);
    process.kill("SIGKILL");
    await process.status;
  }

  /** Ends it in order, as an upgrade does. */
  async stop(node: string): Promise<void> {
    await this.relay(node).process.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.servers[Symbol.asyncDispose]();
  }
}
