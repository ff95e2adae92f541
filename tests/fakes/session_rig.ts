import { RelayRound } from "../../lib/client/relay_round.ts";
import { WAKE_DEFAULT } from "../../lib/local_api/wake_policy.ts";
import { Session } from "../../daemon/session/session.ts";
import { openSqlite, type Sql } from "../../lib/sql/sql.ts";
import type { SessionOptions } from "../../daemon/session/session_options.ts";
import { Failure } from "../../lib/errors.ts";
import { silentLogger } from "../../lib/log.ts";
import type { Feature } from "../../lib/protocol/frames.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { agent } from "./agents.ts";
import { FakeClock } from "./fake_clock.ts";
import { checkedCalls, type PlainCalls } from "./plain.ts";
import { MemoryBlobs, MemoryFiles } from "./memory_files.ts";
import { MemoryRelay } from "./memory_relay.ts";

export const ME = agent(1);
export const ADA = agent(2);
export const BOB = agent(3);

/** A session over a relay in memory, on a clock turned by hand, with its file in a temporary folder. */
export class SessionRig {
  readonly clock = new FakeClock();
  readonly relay: MemoryRelay;
  readonly files = new MemoryFiles();
  readonly blobs = new MemoryBlobs(() => this.clock.wall());
  readonly folder = Deno.makeTempDirSync();
  readonly path = `${this.folder}/mailbox.db`;
  session: PlainCalls<Session>;
  stopped = 0;
  handedOver = 0;
  #random = 0;
  readonly #overrides: Partial<SessionOptions>;
  #settings: Partial<SessionOptions["settings"]>;

  constructor(
    { features, settings = {}, ...overrides }:
      & { readonly features?: readonly Feature[] }
      & { readonly settings?: Partial<SessionOptions["settings"]> }
      & Partial<Omit<SessionOptions, "settings">> = {},
  ) {
    this.relay = new MemoryRelay(this.clock, features);
    this.#overrides = overrides;
    this.#settings = settings;
    this.session = this.#make();
  }

  /** A rig whose session is connected and in the room "tea", where Ada may speak. */
  static async inTea(
    options: ConstructorParameters<typeof SessionRig>[0] = {},
  ): Promise<SessionRig> {
    const rig = new SessionRig(options);
    rig.relay.makeRoom("tea");
    rig.relay.say("tea", BOB, "before we joined");
    rig.session.start();
    await rig.clock.advance(5_000);
    await rig.session.join({ room: "tea" });
    await rig.clock.advance(10);
    return rig;
  }

  /** In "tea" with one message had, connected again to a relay whose history does not answer: live messages wait. */
  static async withoutHistory(): Promise<SessionRig> {
    const rig = await SessionRig.inTea({ features: [] });
    rig.relay.say("tea", ADA, "before");
    rig.relay.refuse = (operation) =>
      operation.startsWith("rest") ? new Failure("NOT_CONNECTED") : undefined;
    rig.relay.cut();
    await rig.clock.advance(1_000);
    return rig;
  }

  /** The same data folder, another process. @param settings that are others now */
  async restart(
    settings: Partial<SessionOptions["settings"]> = {},
  ): Promise<void> {
    this.#settings = { ...this.#settings, ...settings };
    this.session.close();
    this.relay.cut();
    this.session = this.#make();
    this.session.start();
    await this.clock.advance(100);
  }

  /** All texts of others in the mailbox, read or not. */
  async texts(room?: string): Promise<string[]> {
    const all = await this.all(room);
    return all.filter(({ you }) => !you).map(({ text }) => text);
  }

  async all(room?: string): Promise<readonly ReceivedMessage[]> {
    const query = { all: true, limit: 500, ...(room ? { room } : {}) };
    const page = await this.session.messages(
      query,
      new AbortController().signal,
    );
    return page.messages;
  }

  /** The mailbox's file, through a connection of the test's own. */
  openSql(): Sql {
    return openSqlite(this.path);
  }

  /** Fills or frees the disk, as far as the mailbox's own file tells: triggers that another connection sets. */
  breakDisk(full: boolean): void {
    const sql = this.openSql();
    for (const table of ["messages", "gaps", "rooms"]) {
      sql.exec(
        full
          ? `CREATE TRIGGER full_${table} BEFORE INSERT ON ${table} BEGIN
               SELECT RAISE(ABORT, 'database or disk is full'); END`
          : `DROP TRIGGER full_${table}`,
      );
    }
    sql.close();
  }

  /** Another session on the same file, after the first was closed. */
  again(): PlainCalls<Session> {
    this.session = this.#make();
    return this.session;
  }

  [Symbol.dispose](): void {
    this.session.close();
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** The same bytes in every run; a step of a linear congruential generator. */
  #nextByte(): number {
    this.#random = (this.#random * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.#random >> 16 & 255;
  }

  #make(): PlainCalls<Session> {
    const { relay, clock } = this;
    const session = new Session({
      relays: new RelayRound(["ws://relay.test/v1/ws"], () => 0),
      settings: {
        relayUrls: ["ws://relay.test/v1/ws"],
        agentId: ME.id,
        agentName: "me",
        version: "1",
        buffer: 1_000,
        queueForMs: 600_000,
        brakes: false,
        receipts: "shown",
        wake: WAKE_DEFAULT,
        ...this.#settings,
      },
      connect: relay.connect,
      dial: () => Promise.reject(new Error("the fake relay is not dialled")),
      clock,
      randomBytes: (count) =>
        Uint8Array.from({ length: count }, () => this.#nextByte()),
      log: silentLogger,
      databasePath: this.path,
      files: { store: this.files, blobs: this.blobs },
      sign: () => Promise.resolve(""),
      findProof: () => Promise.resolve(""),
      attest: ({ chain, count }) => Promise.resolve(`${chain} ${count}`),
      writeInvite: ({ room, until }) =>
        Promise.resolve(`${room} until ${until}`),
      askKeys: () => Promise.reject(new Error("no private room here")),
      restHistory: relay.restHistory,
      pid: 1,
      heldBy: "daemon",
      apiAddress: () => "127.0.0.1:9900",
      openPage: () => "http://127.0.0.1:9900/page/open/00",
      startedAt: clock.wall(),
      warnings: [],
      workerRestarts: 0,
      restartsInARow: 0,
      requestStop: () => this.stopped++,
      requestHandover: () => this.handedOver++,
      ...this.#overrides,
    });
    return checkedCalls(session);
  }
}
