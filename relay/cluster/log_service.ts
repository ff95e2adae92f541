import {
  type JetStreamManager,
  jetstreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import {
  createInbox,
  type NatsConnection,
  type Status,
} from "@nats-io/transport-node";
import { type Clock, sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { FromLog, ToLog } from "../core/log/log_port.ts";
import type { OpBatch } from "../core/log/op.ts";
import type { ClusterSettings } from "./cluster_settings.ts";
import { connectToServers, moveOn } from "./connect.ts";
import { Follower } from "./follower.ts";
import { LOG } from "./log_stream.ts";
import { logTrouble } from "./log_trouble.ts";
import { askMonitors } from "./monitors.ts";
import { NoViewTaken } from "./no_view_taken.ts";
import { NatsLink } from "./nats_link.ts";
import { Patience } from "./patience.ts";
import { Publisher } from "./publisher.ts";
import { mayNot, violationOf } from "./server_refusals.ts";
import { ServerWatch } from "./server_watch.ts";
import {
  isCut,
  openLog,
  type Servers,
  streamInfo,
  type ViewPlace,
  viewTrouble,
} from "./open_log.ts";
import { NatsBus } from "./nats_bus.ts";
import type { ViewDisks } from "./view_disk.ts";
import { ViewExchange } from "./view_exchange.ts";

export interface LogServiceOptions {
  readonly settings: ClusterSettings;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Somebody has to change something until the log can be used. */
  readonly unusable: (failure: Failure) => void;
  readonly disks: ViewDisks;
  /** A copy of another relay's view is on the disk, for this relay's next start. */
  readonly viewTaken: () => void;
}

/** Between two tries at servers that do not answer, in milliseconds. */
const TRY_AGAIN_MS = 1_000;
/** Answers in a row that there is no stream: a server may not have heard yet of one that was just made. */
const GONE_AFTER = 3;
/** How long the servers have to make the log's stream, and to begin a delivery of it; milliseconds. */
const MADE_WITHIN_MS = 10_000;
const BEGUN_WITHIN_MS = 1_500;
/** Between two lines of the log about batches that were not stored, in milliseconds. */
const TOLD_EVERY_MS = 10_000;

/** Tells the relay's rules what the log says. */
type Say = (said: FromLog) => void;

/** A relay's way to the log that it shares with others: what is published goes in, what stands in it comes out. */
export class LogService {
  readonly #options: LogServiceOptions;
  /** Begun when it is first followed. */
  #opened: Promise<Servers> | null = null;
  readonly #servers: ServerWatch;
  #connection: NatsConnection | null = null;
  #publisher: Publisher | null = null;
  #follower: Follower | null = null;
  #say: Say = () => {};
  #isUp = false;
  #toldAt = -Infinity;
  readonly #patience: Patience;
  readonly #views: ViewExchange;
  #isStopped = false;

  constructor(options: LogServiceOptions) {
    this.#options = options;
    const { settings, clock, log } = options;
    const ask = () => askMonitors(settings, clock);
    this.#servers = new ServerWatch({ ask, clock, log });
    this.#patience = new Patience(clock, () => this.#move());
    this.#views = new ViewExchange({
      ...options,
      taking: (progress) => this.#say({ type: "taking_view", ...progress }),
    });
  }

  /** From now on the log says what it says here. */
  join(say: Say): void {
    this.#follower?.stop();
    this.#follower = null;
    this.#say = say;
  }

  async told(message: ToLog): Promise<void> {
    if (message.type === "publish") return this.#publish(message.batch);
    if (message.type === "taken") {
      return this.#follower?.taken(message.position);
    }
    try {
      await this.#follow(message);
    } catch (thrown) {
      if (!this.#isStopped) this.#options.unusable(Failure.from(thrown));
    }
  }

  /** The log's servers, once they were reached. */
  servers(): Promise<Servers> {
    return this.#opened ??= this.#open();
  }

  /** Whether this relay serves: then others get its view. */
  serves(isServing: boolean): void {
    this.#views.serves(isServing);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#views.stop();
    this.#servers.stop();
    this.#follower?.stop();
    await this.#connection?.close();
  }

  /** Tries until the servers answer, and as they must. */
  async #open(): Promise<Servers> {
    for (;;) {
      const { clock, log } = this.#options;
      try {
        return await this.#openNow();
      } catch (thrown) {
        await this.#connection?.close();
        this.#connection = null;
        if (thrown instanceof Failure || this.#isStopped) throw thrown;
        const forbidden = violationOf(thrown);
        if (forbidden !== null) throw mayNot(forbidden);
        const reason = thrown instanceof Error ? thrown.message : `${thrown}`;
        if (this.#mayTell()) {
          log.warn("the log's servers do not answer yet", { reason });
        }
      }
      await sleep(clock, TRY_AGAIN_MS);
    }
  }

  async #openNow(): Promise<Servers> {
    const { settings, node, clock } = this.#options;
    const connection = await connectToServers(settings, node);
    this.#connection = connection;
    const manager = await managerOf(connection, MADE_WITHIN_MS);
    const servers = { connection, manager };
    await openLog(servers, this.#options);
    this.#isUp = true;
    if (!settings.isUnsafe) this.#servers.start();
    void this.#watch(connection);
    this.#publisher = new Publisher({
      ...{ connection, subject: LOG.subject, inbox: createInbox(), clock },
      stored: () => this.#patience.worked(),
      notStored: (reason) => this.#notStored(reason),
    });
    return servers;
  }

  async #follow(
    { after, log }: Extract<ToLog, { type: "follow" }>,
  ): Promise<void> {
    const say = this.#say;
    const { connection, manager } = await this.servers();
    const deliveries = await managerOf(connection, BEGUN_WITHIN_MS);
    const info = await this.#info(manager);
    if (say !== this.#say || this.#isStopped) return;
    this.#views.follows(info.created, new NatsBus(connection));
    if (isCut(info, { after, log })) {
      return await this.#takeView(info, { after, log });
    }
    const trouble = viewTrouble(info, { after, log });
    if (trouble !== null) throw trouble;
    say({ type: "opened", log: info.created, end: info.state.last_seq });
    say({ type: "link", isUp: this.#isUp });
    this.#follower = new Follower({
      ...this.#options,
      link: new NatsLink({ connection, manager: deliveries }, info.created),
      after,
      entries: (entries) => say({ type: "entries", entries }),
      cut: (after) => void this.#lost({ after, log: info.created }, manager),
    });
    this.#follower.begin();
  }

  /** What the log holds no more another relay's view has. */
  async #takeView(info: StreamInfo, view: ViewPlace): Promise<void> {
    try {
      if (await this.#views.take()) this.#options.viewTaken();
    } catch (thrown) {
      if (!(thrown instanceof NoViewTaken)) throw thrown;
      throw viewTrouble(info, view, thrown);
    }
  }

  /** The stream as it stands, as soon as the servers say so. */
  async #info(manager: JetStreamManager): Promise<StreamInfo> {
    for (let missing = 0;;) {
      try {
        const info = await streamInfo(manager);
        if (info !== null) return info;
        if (++missing === GONE_AFTER) {
          throw logTrouble(
            `its stream ${LOG.stream} is gone`,
            'see docs/operating-a-cluster.md, "When the log was lost"',
          );
        }
      } catch (thrown) {
        if (thrown instanceof Failure || this.#isStopped) throw thrown;
      }
      await sleep(this.#options.clock, TRY_AGAIN_MS);
    }
  }

  /** The log does not go on where this relay is. */
  async #lost(view: ViewPlace, manager: JetStreamManager): Promise<void> {
    const { unusable } = this.#options;
    try {
      const info = await this.#info(manager);
      if (isCut(info, view)) return await this.#takeView(info, view);
      unusable(
        viewTrouble(info, view) ??
          logTrouble(`it has a hole behind ${view.after}`, "report it"),
      );
    } catch (thrown) {
      if (!this.#isStopped) unusable(Failure.from(thrown));
    }
  }

  /** What becomes of it shows in the log alone; what the servers say of it is for who reads our log. */
  #publish(batch: OpBatch): void {
    if (!this.#isUp || this.#isStopped) return;
    this.#publisher?.publish(JSON.stringify(batch));
  }

  #notStored(reason: string): void {
    this.#patience.failed();
    if (this.#isStopped || !this.#mayTell()) return;
    const { log } = this.#options;
    log.warn("the log's servers did not store a batch", { reason });
  }

  /** A server that is cut off from the others may still deliver what it has: that nothing is stored tells. */
  #move(): void {
    if (this.#isUp && this.#connection !== null) moveOn(this.#connection);
  }

  #mayTell(): boolean {
    const now = this.#options.clock.monotonic();
    if (now - this.#toldAt < TOLD_EVERY_MS) return false;
    this.#toldAt = now;
    return true;
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) this.#link(status);
  }

  #link(status: Status): void {
    const { log } = this.#options;
    if (status.type === "disconnect") {
      this.#isUp = false;
      log.warn("a server of the log is gone", { server: status.server });
      this.#say({ type: "link", isUp: false });
    } else if (status.type === "reconnect") {
      this.#isUp = true;
      log.info("the log is reached again", { server: status.server });
      this.#say({ type: "link", isUp: true });
      this.#follower?.begin();
    } else if (status.type === "error") {
      log.warn("the log's servers object", { reason: status.error.message });
    }
  }
}

function managerOf(connection: NatsConnection, timeout: number) {
  return jetstreamManager(connection, { checkAPI: false, timeout });
}
