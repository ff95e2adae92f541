import type { ClusterView } from "../../lib/admin_api/cluster_status.ts";
import type { Tally } from "../core/tally.ts";
import { Histogram } from "./histogram.ts";
import {
  type Metric,
  METRICS_TYPE,
  metricsText,
  type Sample,
} from "./metrics_text.ts";

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
const CLUSTER_FIGURES: readonly Figure[] = [
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
const MEMORY = [
  ["rss_bytes", "rss"],
  ["heap_bytes", "heap"],
  ["external_bytes", "external"],
] as const;
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

type Figures = Readonly<Record<string, number>>;

/** The relay's figures for Prometheus, read when somebody asks; what alone can't be read later is counted here. */
export class Metrics {
  readonly #source: MetricsSource;
  /** From handing a message to the store until it is on disk, in seconds. */
  readonly #commits = new Histogram(COMMIT_BUCKETS);
  /** Answers of REST and refused upgrades by HTTP status. */
  readonly #httpAnswers = new Map<number, number>();

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  /** Media type of {@link Metrics.text}. */
  get contentType(): string {
    return METRICS_TYPE;
  }

  text(): string {
    const source = this.#source;
    const { tally } = source;
    const view = source.cluster();
    return metricsText([
      this.#commitTimes(),
      ...counters(tally),
      labelled("refusals_total", "Refusals by wire code.", {
        ...{ type: "counter", label: "code" },
        rows: tally.refusals,
      }),
      labelled("http_answers_total", "HTTP answers by status.", {
        ...{ type: "counter", label: "status" },
        rows: this.#httpAnswers,
      }),
      ...gauges(source.figures()),
      gauge(
        "store_ready",
        "1 while messages can be stored.",
        source.isStoreReady() ? 1 : 0,
      ),
      ...(view === null ? [] : ofCluster(view)),
    ]);
  }

  committed(seconds: number): void {
    this.#commits.observe(seconds);
  }

  /** Counts an HTTP answer. */
  answered(status: number): void {
    this.#httpAnswers.set(status, (this.#httpAnswers.get(status) ?? 0) + 1);
  }

  #commitTimes(): Metric {
    return {
      name: `${PREFIX}commit_seconds`,
      type: "histogram",
      help: "From handing a message to the store until it is on disk, sampled.",
      samples: this.#commits.samples(),
    };
  }
}

function counters(tally: Tally): Metric[] {
  const rows = [
    ["logins_total", "Logins.", tally.logins],
    ["messages_in_total", "Message frames that came in.", tally.messagesIn],
    [
      "messages_stored_total",
      "Messages stored for the first time.",
      tally.messagesStored,
    ],
    [
      "deliveries_total",
      "Copies of messages handed to members.",
      tally.deliveries,
    ],
  ] as const;
  return rows.map(([name, help, value]) => ({
    ...{ name: PREFIX + name, type: "counter", help },
    samples: [{ value }],
  }));
}

function gauges(figures: Figures): Metric[] {
  return [
    ...FIGURES.map(([figure, name, factor, help]) =>
      gauge(name, help, (figures[figure] ?? 0) * factor)
    ),
    labelled("table_rows", "Rows of the relay's tables.", {
      ...{ type: "gauge", label: "table" },
      rows: TABLES.map((name) => [name, figures[name] ?? 0]),
    }),
    labelled("memory_bytes", "Memory: rss is the whole process.", {
      ...{ type: "gauge", label: "kind" },
      rows: MEMORY.map(([name, kind]) => [kind, figures[name] ?? 0]),
    }),
  ];
}

function ofCluster(view: ClusterView): Metric[] {
  const gone = view.nodes.filter((node) => node.is_gone).length;
  return [
    ...CLUSTER_FIGURES.map(([name, help, read]) =>
      gauge(name, help, read(view))
    ),
    labelled("cluster_nodes", "Relays that the log knows, by state.", {
      ...{ type: "gauge", label: "state" },
      rows: [["here", view.nodes.length - gone], ["gone", gone]],
    }),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name: PREFIX + name, type: "gauge", help, samples: [{ value }] };
}

function labelled(
  name: string,
  help: string,
  { type, label, rows }: {
    readonly type: "counter" | "gauge";
    readonly label: string;
    readonly rows: Iterable<readonly [string | number, number]>;
  },
): Metric {
  const samples = Array.from(
    rows,
    ([key, value]): Sample => ({ label: [label, String(key)], value }),
  );
  return { name: PREFIX + name, type, help, samples };
}
