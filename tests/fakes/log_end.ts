import type { FailureJson } from "../../lib/errors.ts";
import { sandboxed } from "../../lib/sandbox.ts";
import {
  type ClusterSettings,
  hostPort,
} from "../../relay/cluster/cluster_settings.ts";
import type { FromLogWorker } from "../../relay/cluster/log_worker_messages.ts";
import type { FromLog, ToLog } from "../../relay/core/log/log_port.ts";
import type { LogEntry, OpBatch } from "../../relay/core/log/op.ts";
import { parseServers } from "../../relay/keeper/cluster_flags.ts";
import type { NatsServers } from "../../scripts/nats_servers.ts";

/** What a relay with these servers would have. */
export function settingsFor(servers: NatsServers): ClusterSettings {
  return {
    servers: parseServers("cluster", servers.urls),
    monitors: parseServers("cluster-monitor", servers.monitors),
    isUnsafe: false,
    keepMs: 3_600_000,
  };
}

/** How long servers may take to have a leader again, on any machine: a bound on what hangs. */
const WRITES_MS = 60_000;

/**
 * One who follows the log and publishes to it as a relay's rules do: one batch in flight, sent again until it is seen.
 * The real worker, with a relay's permissions.
 */
export class LogEnd {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #node: string;
  /** Every entry, as it came. */
  readonly entries: LogEntry[] = [];
  /** The worker's log. */
  lines = "";
  failure: FailureJson | null = null;
  #n = 0;
  readonly #woken = new Set<() => void>();

  constructor(settings: ClusterSettings, node: string) {
    this.#node = node;
    const { servers, monitors } = settings;
    const net = [...servers, ...monitors].map(hostPort);
    this.#worker = new Worker(
      new URL("../../relay/cluster/log_worker.ts", import.meta.url),
      sandboxed("log", { net, read: false, write: false, env: false }),
    );
    this.#worker.onmessage = ({ data }) => this.#told(data);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#port.onmessage = ({ data }) => this.#heard(data);
    const init = {
      ...{ type: "init", settings, node, port: port2, isServing: false },
    };
    this.#worker.postMessage(init, [port2]);
  }

  follow(after = 0, log: string | null = null): void {
    this.#say({ type: "follow", after, log });
  }

  /** How many of this node's batches stand in the log, the repeated ones counted once. */
  get written(): number {
    const own = this.entries.map((entry) => batchOf(entry))
      .filter((batch) => batch?.node === this.#node)
      .map((batch) => batch?.n);
    return new Set(own).size;
  }

  /** Publishes so many batches one after the other, each until it is seen in the log. */
  async publish(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const n = ++this.#n;
      while (this.written < n) {
        this.#say({ type: "publish", batch: this.#batch(n) });
        await this.#heardWithin(1_500, () => this.written >= n);
        if (this.failure !== null) throw new Error(this.failure.message);
      }
    }
  }

  /** Waits until so many more of this node's batches stand in the log. */
  async writes(more: number): Promise<void> {
    const wanted = this.written + more;
    if (await this.#heardWithin(WRITES_MS, () => this.written >= wanted)) {
      return;
    }
    throw new Error(`${this.written} of ${wanted} batches: ${this.lines}`);
  }

  /** Waits until the log is read to a position, or is unusable. */
  async reach(position: number, withinMs: number): Promise<void> {
    const isThere = () =>
      (this.entries.at(-1)?.position ?? 0) >= position || this.failure !== null;
    if (await this.#heardWithin(withinMs, isThere)) return;
    throw new Error(`not at ${position}: ${this.lines}`);
  }

  [Symbol.dispose](): void {
    this.#port.close();
    this.#worker.terminate();
  }

  #say(message: ToLog): void {
    this.#port.postMessage(message);
  }

  #told(message: FromLogWorker): void {
    if (message.type === "log") {
      this.lines += `${message.event} ${JSON.stringify(message.fields)}\n`;
    }
    if (message.type !== "log_unusable") return;
    this.failure = message.failure;
    this.#wake();
  }

  #batch(n: number): OpBatch {
    const ops = [{ op: "kick", agent: `${this.#node}-${n}` }] as const;
    return { v: 1, node: this.#node, boot: 1, n, at: Date.now(), ops };
  }

  #heard(said: FromLog): void {
    if (said.type !== "entries") return;
    this.entries.push(...said.entries);
    const position = said.entries.at(-1)?.position ?? 0;
    this.#say({ type: "taken", position });
    this.#wake();
  }

  #wake(): void {
    for (const woken of this.#woken) woken();
    this.#woken.clear();
  }

  async #heardWithin(ms: number, isSo: () => boolean): Promise<boolean> {
    const end = performance.now() + ms;
    while (!isSo()) {
      const left = end - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#woken.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }
}

export function batchOf({ batch }: LogEntry): OpBatch | null {
  return typeof batch === "object" ? batch : null;
}
