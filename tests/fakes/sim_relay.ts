import { RelayCore } from "../../relay/core/core.ts";
import type { CoreEvent, Effect, Now } from "../../relay/core/events.ts";
import type { LogEntry, OpBatch } from "../../relay/core/log/op.ts";
import { NO_LIMITS } from "../../relay/core/settings.ts";
import type {
  StoreBatch,
  StoreRead,
  StoreRequest,
} from "../../relay/store/contract.ts";
import { CORE_SETTINGS, type Frame } from "./core_bed.ts";
import { SimView } from "./sim_view.ts";
import { countingBytes } from "./relay_agent.ts";
import type { SimLedger } from "./sim_ledger.ts";
import type { SimLine } from "./sim_line.ts";

export interface SimRelayOptions {
  readonly node: string;
  readonly ledger: SimLedger;
  /** Both clocks of its host. */
  readonly now: () => Now;
  readonly publish: (batch: OpBatch) => void;
  /** How far the log goes by now. */
  readonly end: () => number;
  /** Breaks the rule that nothing counts before the log has it. */
  readonly isEager: boolean;
  /** Says of rules that it knows them and goes by the earlier ones. */
  readonly isGuessing?: boolean;
}

/** One relay of the simulated cluster: its core, which a crash ends, and its view, which outlives it. */
export class SimRelay {
  readonly node: string;
  view = new SimView();
  /** How often its view was made anew. */
  renewals = 0;
  core: RelayCore | null = null;
  isPaused = false;
  isServing = false;
  isUnfit: string | null = null;
  /** Why it ended its service, at any time. */
  readonly condemned: string[] = [];
  /** The rules that its program knows. */
  knows = 1;
  /** What it was told to keep; milliseconds. */
  retainMs = 1e9;
  /** Its program writes otherwise than the others'. */
  isFaulty = false;
  readonly lines = new Map<number, SimLine>();
  /** The last place of the log that was handed to it. */
  handed = 0;
  readonly #options: SimRelayOptions;
  /** On their way into the view. */
  #batches: StoreBatch[] = [];
  #conn = 0;
  /** Own batches that counted before the log had them, those about to, and the places made up for them. */
  readonly #eager = new Set<string>();
  readonly #later: OpBatch[] = [];
  readonly #reads: StoreRead[] = [];
  #isRenewing = false;
  #eagerAt = 0;

  constructor(options: SimRelayOptions) {
    this.#options = options;
    this.node = options.node;
  }

  /** Batches that the view has yet to answer. */
  get writing(): number {
    return this.#batches.length;
  }

  get isUp(): boolean {
    return this.core !== null && !this.isPaused;
  }

  /** Whether agents can connect to it and are heard. */
  get takesFrames(): boolean {
    return this.isUp && this.isServing && this.core?.isFull === false;
  }

  start(): void {
    this.isUnfit = null;
    this.core = new RelayCore({
      settings: {
        ...CORE_SETTINGS,
        limits: NO_LIMITS,
        difficulty: { login: 0, create: 0, direct: 0 },
        roomEmptyMs: 3_600_000,
      },
      randomBytes: countingBytes(),
      cluster: {
        ...{ node: this.node, retainMs: this.retainMs },
        knows: this.#options.isGuessing ? 2 : this.knows,
      },
    });
    this.#apply(this.core.restore(this.view.start(), this.#options.now()));
    this.step({
      kind: "log",
      said: { type: "opened", log: "log", end: this.#options.end() },
    });
  }

  /** Its process is gone, and with it all that is in no view. */
  crash(): void {
    this.core = null;
    this.isPaused = this.isServing = false;
    this.#batches = [];
    this.#reads.length = 0;
    for (const line of this.lines.values()) line.isOpen = false;
    this.lines.clear();
  }

  /** Begins anew, with an empty view. */
  #renew(): void {
    this.#isRenewing = false;
    this.renewals++;
    this.crash();
    this.view.close();
    this.view = new SimView();
    this.handed = 0;
    this.start();
  }

  open(makeLine: (conn: number) => SimLine): SimLine {
    const conn = ++this.#conn;
    const line = makeLine(conn);
    this.lines.set(conn, line);
    this.step({ kind: "opened", conn, address: "a" });
    return line;
  }

  hang(line: SimLine): void {
    line.isOpen = false;
    this.lines.delete(line.conn);
    this.step({ kind: "closed", conn: line.conn });
  }

  hand(entries: readonly LogEntry[]): void {
    this.handed = entries.at(-1)?.position ?? this.handed;
    const said = entries.map((entry) => this.#read(this.#unlessEager(entry)));
    this.step({ kind: "log", said: { type: "entries", entries: said } });
  }

  /** Writes the first that waits to the view, if anything does. */
  write({ fails }: { readonly fails: boolean }): boolean {
    const batch = this.core === null ? undefined : this.#batches.shift();
    if (batch === undefined) return false;
    const { token } = batch;
    const answer = fails
      ? { kind: "failed", token, why: "storage", reason: "full" } as const
      : this.view.apply(this.#byItsRules(batch));
    this.step({ kind: "answer", answer });
    return true;
  }

  #byItsRules(batch: StoreBatch): StoreBatch {
    const isSecond = this.knows >= 2 && batch.rules >= 2;
    return isSecond || this.isFaulty ? bySecondRules(batch) : batch;
  }

  step(event: CoreEvent): void {
    if (this.core === null) return;
    this.#apply(this.core.step(event, this.#options.now()));
    if (this.#isRenewing) this.#renew();
    for (const read of this.#reads.splice(0)) {
      this.step({ kind: "answer", answer: this.view.read(read) });
    }
    for (const batch of this.#later.splice(0)) {
      const position = this.#eagerAt = Math.max(this.#eagerAt, this.handed) +
        1;
      const entry = { position, at: this.#options.now().wall, batch };
      this.step({ kind: "log", said: { type: "entries", entries: [entry] } });
    }
  }

  #apply(effects: readonly Effect[]): void {
    for (const effect of effects) this.#applyOne(effect);
  }

  #applyOne(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.#say([effect.conn], effect.text);
      case "broadcast":
        return this.#say(effect.conns, effect.text);
      case "close":
        return this.#closed(effect.conn);
      case "store":
        return this.#store(effect.request);
      case "log":
        if (effect.message.type === "follow") {
          this.handed = effect.message.after;
        } else if (effect.message.type === "publish") {
          this.#publish(effect.message.batch);
        }
        return;
      case "view_differs":
        this.condemned.push(effect.reason);
        return;
      case "renew_view":
        this.#isRenewing = true;
        return;
      case "caught_up":
        this.isServing = true;
        return;
      case "unfit":
        this.isUnfit = effect.reason;
        this.condemned.push(effect.reason);
        return;
      default:
        return;
    }
  }

  #store(request: StoreRequest): void {
    if (request.kind === "batch") this.#batches.push(request);
    else if (request.kind === "inbox") this.#reads.push(request);
  }

  #publish(batch: OpBatch): void {
    this.#options.publish(batch);
    const key = keyOf(batch);
    if (!this.#options.isEager || this.#eager.has(key)) return;
    this.#eager.add(key);
    this.#later.push(batch);
  }

  /** As far as its program can read it. */
  #read(entry: LogEntry): LogEntry {
    const { batch } = entry;
    const v = typeof batch === "object" ? batch?.v ?? 0 : batch;
    const isNewer = v > this.knows && !this.#options.isGuessing;
    return isNewer ? { ...entry, batch: v } : entry;
  }

  /** What counts here already counts no second time. */
  #unlessEager(entry: LogEntry): LogEntry {
    const { batch } = entry;
    const isDone = typeof batch === "object" && batch !== null &&
      this.#eager.has(keyOf(batch));
    return isDone ? { ...entry, batch: null } : entry;
  }

  #say(conns: readonly number[], text: string): void {
    for (const conn of conns) {
      const line = this.lines.get(conn);
      if (line === undefined) continue;
      this.#options.ledger.heard(line, JSON.parse(text) as Frame);
    }
  }

  #closed(conn: number): void {
    const line = this.lines.get(conn);
    if (line === undefined) return;
    line.isOpen = false;
    this.lines.delete(conn);
  }
}

function keyOf({ node, boot, n }: OpBatch): string {
  return `${node} ${boot} ${n}`;
}

/** Rules that there are in the simulation alone: from version 2 on messages come at whole minutes. */
function bySecondRules(batch: StoreBatch): StoreBatch {
  const rows = batch.rows.map((row) =>
    row.kind === "message"
      ? { ...row, received_at: Math.floor(row.received_at / 60_000) * 60_000 }
      : row
  );
  return { ...batch, rows };
}
