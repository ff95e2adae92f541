import type { ClusterStage } from "../../scripts/cluster_stage.ts";
import type { Stage } from "../../scripts/stage.ts";
import { agent } from "./agents.ts";
import { RelayPeer } from "./relay_peer.ts";

const FEATURES = ["ack", "closed", "history", "presence", "marks"];

/** Agents over the relays of a cluster, each logged in at the one that is named. */
export class ClusterWire {
  readonly #stage: Stage;
  readonly #cluster: ClusterStage;
  readonly #peers: RelayPeer[] = [];

  #count = 5_000;

  constructor(stage: Stage, cluster: ClusterStage) {
    this.#stage = stage;
    this.#cluster = cluster;
  }

  /** Of an agent that nobody else is. */
  number(): number {
    return ++this.#count;
  }

  /** What an operator does at one relay, which must go well. */
  async admin(node: string, ...args: string[]): Promise<string> {
    const data = ["--data", this.#cluster.dataOf(node)];
    const done = await this.#stage.run(["relay", "admin", ...args, ...data]);
    if (done.code !== 0) throw new Error(done.stdout + done.stderr);
    return done.stdout;
  }

  /** Logs an agent in at a relay: a new one, or one that is named. */
  async at(node: string, number = this.number()): Promise<RelayPeer> {
    const { url } = this.#cluster.relay(node);
    const peer = await RelayPeer.login(url, {
      identity: agent(number),
      features: FEATURES,
    });
    this.#peers.push(peer);
    return peer;
  }

  http(node: string, path: string): URL {
    const { url } = this.#cluster.relay(node);
    return new URL(path, url.replace("ws:", "http:"));
  }

  close(): void {
    for (const peer of this.#peers.splice(0)) peer.socket.terminate();
  }
}
