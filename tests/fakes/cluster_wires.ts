import type { Wires } from "../../scripts/cluster_stage.ts";
import { FaultProxy } from "./fault_proxy.ts";

/** The lines of a cluster: one from each server to each other's routes, and one from each relay to each server. */
export class ClusterWires implements Wires {
  readonly #lines = new Map<string, FaultProxy>();

  route(from: number, to: number, port: number): number {
    return this.#line(`server ${from} to ${to}`, port);
  }

  client(node: string, to: number, port: number): number {
    return this.#line(`relay ${node} to ${to}`, port);
  }

  /** A relay's lines to all servers. */
  ofRelay(node: string): FaultProxy[] {
    return this.#linesWhere((name) => name.startsWith(`relay ${node} `));
  }

  /** The lines between a server and the others, whoever of two dialled; relays still reach it. */
  ofServer(index: number): FaultProxy[] {
    return this.#linesWhere((name) =>
      name.startsWith(`server ${index} `) ||
      (name.startsWith("server ") && name.endsWith(` to ${index}`))
    );
  }

  [Symbol.dispose](): void {
    for (const line of this.#lines.values()) line[Symbol.dispose]();
  }

  /** The same line each time: a server that is started again finds it where it was. */
  #line(name: string, port: number): number {
    const line = this.#lines.get(name) ?? new FaultProxy(port);
    this.#lines.set(name, line);
    return line.port;
  }

  #linesWhere(fits: (name: string) => boolean): FaultProxy[] {
    return [...this.#lines].filter(([name]) => fits(name))
      .map(([, line]) => line);
  }
}
