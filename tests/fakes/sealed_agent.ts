import { Session } from "../../daemon/session/session.ts";
import { Keyring } from "../../daemon/keeper/room_keys/keyring.ts";
import type {
  Connect,
  SessionOptions,
} from "../../daemon/session/session_options.ts";
import type { ConnectOptions } from "../../lib/client/connection_types.ts";
import { WAKE_DEFAULT } from "../../lib/local_api/wake_policy.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { silentLogger } from "../../lib/log.ts";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import type { AskKeys } from "../../lib/sealed/key_questions.ts";
import { RelayRound } from "../../lib/client/relay_round.ts";
import { writeInvite } from "../../lib/invites/invite_text.ts";
import { attestedBytes } from "../../lib/transcript/attestation.ts";
import { DyingFiles } from "./dying_files.ts";
import { identityOf, type PeerIdentity } from "./fast_identity.ts";
import { checkedCalls, type PlainCalls } from "./plain.ts";
import { MemoryFiles } from "./memory_files.ts";
import type { SealedHub } from "./sealed_hub.ts";

const URL = "ws://relay.test/v1/ws";

/** An agent at the hub: a real session, over real keys in files in memory. */
export class SealedAgent {
  readonly identity: PeerIdentity;
  readonly seed: Uint8Array;
  readonly name: string;
  readonly files = new DyingFiles();
  readonly folder = Deno.makeTempDirSync();
  readonly hub: SealedHub;
  session!: PlainCalls<Session>;
  /** Questions to its keys that are not answered yet. */
  asking = 0;
  #keyring: Promise<Keyring> | undefined;
  #events: ConnectOptions["events"] | undefined;
  #chance: number;

  private constructor(
    hub: SealedHub,
    { seed, name }: { readonly seed: Uint8Array; readonly name: string },
  ) {
    this.hub = hub;
    this.seed = seed;
    this.name = name;
    this.identity = identityOf(seed);
    // Two with one key don't draw the same.
    this.#chance = name.charCodeAt(0) * 7_919 + (seed[0] ?? 0);
  }

  static async make(
    hub: SealedHub,
    { number, name }: { readonly number: number; readonly name: string },
  ): Promise<SealedAgent> {
    const seed = new Uint8Array(32).fill(number);
    const agent = new SealedAgent(hub, { seed, name });
    hub.add(agent);
    agent.open();
    await hub.until(() => agent.session.status().connected, "a connection");
    return agent;
  }

  get id(): string {
    return this.identity.id;
  }

  /** Another process on the same files. */
  async restart(): Promise<void> {
    this.close();
    this.open();
    await this.hub.until(() => this.session.status().connected);
  }

  close(): void {
    this.session.close();
    this.hub.drop(this.id);
    this.#keyring = undefined;
  }

  /** All but the key is gone. */
  forget(): void {
    Deno.removeSync(this.folder, { recursive: true });
    Deno.mkdirSync(this.folder);
    this.files.names.clear();
  }

  end(): void {
    this.session.close();
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** The line is gone, and back a moment later. */
  cut(): void {
    const events = this.#events;
    this.hub.drop(this.id);
    events?.ended({ kind: "lost", reason: "cut" });
  }

  async all(room?: string): Promise<readonly ReceivedMessage[]> {
    const query = { all: true, limit: 500, ...(room ? { room } : {}) };
    const { signal } = new AbortController();
    return (await this.session.messages(query, signal)).messages;
  }

  async texts(room?: string): Promise<string[]> {
    return (await this.all(room)).map(({ text }) => text);
  }

  /** Waits until it has heard something. */
  async hears(text: string): Promise<void> {
    const has = async () => (await this.texts()).includes(text);
    await this.hub.until(has, `${this.name} hears "${text}"`);
  }

  async gaps(room: string): Promise<(number | undefined)[]> {
    const { signal } = new AbortController();
    const page = await this.session.messages({ room }, signal);
    return page.gaps.map(({ count }) => count);
  }

  /** Sends, and says what became of it. */
  async say(room: string, text: string): Promise<string> {
    const { status } = await this.session.send({ room, text });
    return status;
  }

  readonly askKeys: AskKeys = async (question) => {
    this.asking++;
    try {
      const keyring = await (this.#keyring ??= this.#open());
      return await keyring.answer(question) as never;
    } finally {
      this.asking--;
    }
  };

  async #open(): Promise<Keyring> {
    const identity = await Identity.fromSeed(this.seed);
    return await Keyring.open({
      id: this.id,
      sign: (bytes) => Promise.resolve(this.identity.sign(bytes)),
      agreementSecret: () => identity.agreementSecret(),
      ...{ files: this.files, path: "/room.keys" },
      randomBytes: (count) => this.#random(count),
    });
  }

  open(changed: Partial<SessionOptions> = {}): void {
    const { hub, identity, name } = this;
    const connect: Connect = ({ events }) => {
      this.#events = events;
      return Promise.resolve(hub.connection(identity, events));
    };
    const session = new Session({
      settings: {
        relayUrls: [URL],
        ...{ agentId: this.id, agentName: name, version: "1" },
        ...{ buffer: 1_000, queueForMs: 600_000, brakes: false },
        wake: WAKE_DEFAULT,
        receipts: "shown",
      },
      connect,
      dial: () => Promise.reject(new Error("nobody dials the hub")),
      clock: hub.clock,
      randomBytes: (count) => this.#random(count),
      log: silentLogger,
      databasePath: `${this.folder}/mailbox.db`,
      files: {
        store: new MemoryFiles(),
        blobs: this.hub.blobs,
      },
      sign: () => Promise.resolve(""),
      findProof: () => Promise.resolve(""),
      attest: (end) =>
        Promise.resolve(encodeBase58(identity.sign(attestedBytes(end)))),
      writeInvite: (wanted) =>
        writeInvite(
          { ...wanted, by: this.id, name, relay: URL },
          (bytes) => Promise.resolve(identity.sign(bytes)),
        ),
      askKeys: this.askKeys,
      relays: new RelayRound([URL], () => 0),
      restHistory: (room, { limit }) =>
        Promise.resolve(hub.rest(room, limit, this.id)),
      ...{ pid: 1, heldBy: "daemon", apiAddress: () => "127.0.0.1:9900" },
      openPage: () => "http://127.0.0.1:9900/page/open/00",
      ...{ startedAt: hub.clock.wall(), warnings: [] },
      ...{ workerRestarts: 0, restartsInARow: 0 },
      requestStop: () => undefined,
      requestHandover: () => undefined,
      ...changed,
    });
    this.session = checkedCalls(session);
    this.session.start();
  }

  /** Mulberry32: no two draws of a run are the same ids. */
  #random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => {
      this.#chance = (this.#chance + 0x6d2b79f5) | 0;
      let t = Math.imul(this.#chance ^ this.#chance >>> 15, 1 | this.#chance);
      t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
      return (t ^ t >>> 14) >>> 24;
    });
  }
}

/** A private room "vault" that `maker` made, with the others in it. */
export async function vaultOf(
  hub: SealedHub,
  [maker, ...others]: readonly [SealedAgent, ...SealedAgent[]],
  history: "all" | "join" = "all",
): Promise<string> {
  const making = maker.session.create({
    room: "vault",
    private: true,
    history,
  });
  await waitFor(hub, making);
  if (others.length > 0) {
    const uses = others.length;
    const inviting = maker.session.invite({
      ...{ room: "vault", for_ms: 3_600_000, uses },
    });
    const { invite } = await waitFor(hub, inviting);
    for (const other of others) {
      const joining = other.session.join_private({ invite });
      const { status } = await waitFor(hub, joining);
      if (status !== "joined") throw new Error(`${other.name} is not in`);
    }
  }
  return [...hub.rooms.keys()].find((name) => name.startsWith("p-"))!;
}

/** Turns the clock until something is done. */
export async function waitFor<T>(
  hub: SealedHub,
  promise: Promise<T>,
): Promise<T> {
  let isDone = false;
  const done = () => isDone = true;
  promise.then(done, done);
  await hub.until(() => isDone, "what was asked for");
  return await promise;
}
