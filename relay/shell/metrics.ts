import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ClusterView } from "../../lib/admin_api/cluster_status.ts";
import type { Tally } from "../core/tally.ts";

/** What the metrics are read from when somebody asks. */
export interface MetricsSource {
  readonly tally: Tally;
  /** Sizes, bytes and milliseconds by name, as {@link FIGURES} lists them. */
  figures(): Readonly<Record<string, number>>;
  isStoreReady(): boolean;
  /** How the cluster stands; null for a relay by itself, which has none of its figures. */
  cluster(): ClusterView | null;
}

/** Figure → metric, its unit's factor, and what it is. */
const FIGURES = [
  ["sockets", "sockets", 1, "Open TCP connections, HTTP included."],
  ["connections", "connections", 1, "Open WebSockets."],
  ["pending_logins", "pending_logins", 1, "WebSockets not logged in yet."],
  ["agents", "agents", 1, "Agents logged in."],
  ["rooms", "rooms", 1, "Open rooms."],
  ["emptyRooms", "rooms_empty", 1, "Open rooms that nobody is in."],
  ["waiting", "store_waiting", 1, "Requests at the store without an answer."],
  [
    "blobs",
    "blobs",
    1,
    "Files that are kept, and places for some, as of the last minute.",
  ],
  ["blob_bytes", "blob_bytes", 1, "What they count as."],
  ["blobs_moving", "blobs_moving", 1, "Files on their way now."],
  [
    "queue_bytes",
    "queue_bytes",
    1,
    "Bytes that wait for members to read them.",
  ],
  [
    "loop_lag_ms",
    "loop_lag_seconds",
    0.001,
    "Latest a timer ran in the last minute.",
  ],
  ["check_workers", "check_workers", 1, "Workers that check frames just now."],
  ["check_stalls", "check_stalls", 1, "Times that one of them did not answer."],
] as const;

/** Of a cluster's relay: metric, what it is, and where it stands. */
const CLUSTER_FIGURES: readonly [Figure, ...Figure[]] = [
  [
    "cluster_serves",
    "1 while this relay of a cluster serves.",
    ({ trouble }) => trouble === null ? 1 : 0,
  ],
  [
    "log_position",
    "Last place of the shared log that is applied.",
    ({ position }) => position,
  ],
  ["log_applied_ops", "Ops applied since the log began.", ({ ops }) => ops],
  [
    "log_behind",
    "Places of the log that came in and are not applied.",
    ({ behind }) => behind,
  ],
  [
    "log_lag_seconds",
    "Since when this relay's own tick, one a second, was not seen in the log.",
    ({ lag_ms }) => lag_ms / 1000,
  ],
  [
    "log_clock_skew_seconds",
    "This host's clock less the log's.",
    ({ skew_ms }) => (skew_ms ?? 0) / 1000,
  ],
  [
    "log_waiting_ops",
    "This relay's ops that are not in the log yet.",
    ({ waiting_ops }) => waiting_ops,
  ],
  [
    "log_waiting_bytes",
    "Bytes of them.",
    ({ waiting_bytes }) => waiting_bytes,
  ],
  [
    "cluster_nodes_differing",
    "Relays that wrote something else than this one.",
    ({ nodes }) => nodes.filter(({ is_equal }) => is_equal === false).length,
  ],
];

type Figure = readonly [string, string, (view: ClusterView) => number];

const TABLES = ["nonces", "ages", "limits", "failedLogins"] as const;
const MEMORY = {
  rss_bytes: "rss",
  heap_bytes: "heap",
  external_bytes: "external",
};
/** Seconds. */
const COMMIT_BUCKETS = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
];
const PREFIX = "agentnet_relay_";

/** The relay's figures as Prometheus reads them (prometheus.io, text format 0.0.4). */
export class Metrics {
  readonly #registry = new Registry();
  readonly #commit: Histogram;
  /** Answers of REST and refused upgrades by HTTP status. */
  readonly #httpAnswers = new Map<number, number>();

  constructor(source: MetricsSource) {
    this.#commit = new Histogram({
      name: `${PREFIX}commit_seconds`,
      help: "From handing a message to the store until it is on disk, sampled.",
      buckets: COMMIT_BUCKETS,
      registers: [this.#registry],
    });
    this.#counters(source.tally);
    this.#byLabel("refusals_total", "Refusals by wire code.", {
      label: "code",
      rows: () => source.tally.refusals,
    });
    this.#byLabel("http_answers_total", "HTTP answers by status.", {
      label: "status",
      rows: () => this.#httpAnswers,
    });
    this.#gauges(source);
    if (source.cluster() !== null) this.#ofCluster(source);
  }

  /** Media type of {@link Metrics.text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  committed(seconds: number): void {
    this.#commit.observe(seconds);
  }

  /** Counts an HTTP answer. */
  answered(status: number): void {
    this.#httpAnswers.set(status, (this.#httpAnswers.get(status) ?? 0) + 1);
  }

  #counters(tally: Tally): void {
    this.#counter("logins_total", "Logins.", () => tally.logins);
    this.#counter(
      "messages_in_total",
      "Message frames that came in.",
      () => tally.messagesIn,
    );
    this.#counter(
      "messages_stored_total",
      "Messages stored for the first time.",
      () => tally.messagesStored,
    );
    this.#counter(
      "deliveries_total",
      "Copies of messages handed to members.",
      () => tally.deliveries,
    );
  }

  #gauges(source: MetricsSource): void {
    let figures: Readonly<Record<string, number>> = {};
    const [first, ...rest] = FIGURES;
    // The first that is collected reads them for all; prom-client collects in the order of registration.
    this.#gauge(first, () => {
      figures = source.figures();
      return figures[first[0]] ?? 0;
    });
    for (const row of rest) {
      this.#gauge(row, () => (figures[row[0]] ?? 0) * row[2]);
    }
    this.#labelled("table_rows", "Rows of the relay's tables.", {
      label: "table",
      rows: () => TABLES.map((name) => [name, figures[name] ?? 0]),
    });
    this.#labelled("memory_bytes", "Memory: rss is the whole process.", {
      label: "kind",
      rows: () =>
        Object.entries(MEMORY).map((
          [name, kind],
        ) => [kind, figures[name] ?? 0]),
    });
    this.#gauge(
      ["", "store_ready", 1, "1 while messages can be stored."],
      () => source.isStoreReady() ? 1 : 0,
    );
  }

  #ofCluster({ cluster }: MetricsSource): void {
    let view: ClusterView | null = null;
    const [[firstName, firstHelp, firstRead], ...rest] = CLUSTER_FIGURES;
    this.#gauge(["", firstName, 1, firstHelp], () => {
      view = cluster();
      return view === null ? 0 : firstRead(view);
    });
    for (const [name, help, read] of rest) {
      this.#gauge(["", name, 1, help], () => view === null ? 0 : read(view));
    }
    this.#labelled("cluster_nodes", "Relays that the log knows, by state.", {
      label: "state",
      rows: () => {
        const all = view?.nodes ?? [];
        const gone = all.filter((node) => node.is_gone).length;
        return [["here", all.length - gone], ["gone", gone]];
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name: PREFIX + name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #byLabel(
    name: string,
    help: string,
    { label, rows }: {
      readonly label: string;
      readonly rows: () => ReadonlyMap<string | number, number>;
    },
  ): void {
    new Counter({
      name: PREFIX + name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [key, count] of rows()) this.inc({ [label]: key }, count);
      },
    });
  }

  #gauge(
    [, name, , help]: readonly [string, string, number, string],
    read: () => number,
  ): void {
    new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #labelled(
    name: string,
    help: string,
    { label, rows }: {
      readonly label: string;
      readonly rows: () => (readonly [string, number])[];
    },
  ): void {
    new Gauge({
      name: PREFIX + name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        for (const [key, value] of rows()) this.set({ [label]: key }, value);
      },
    });
  }
}
