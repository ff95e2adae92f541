import { Session } from "../../daemon/session/session.ts";
import { Keyring } from "../../daemon/keeper/room_keys/keyring.ts";
import type {
  Connect,
  RelayConnection,
  SessionOptions,
} from "../../daemon/session/session_options.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  ConnectOptions,
  OutgoingMessage,
  SendOutcome,
} from "../../lib/client/connection_types.ts";
import type { HistoryQuery } from "../../lib/client/outgoing.ts";
import { WAKE_DEFAULT } from "../../lib/local_api/wake_policy.ts";
import type { ReceivedMessage } from "../../lib/local_api/types.ts";
import { silentLogger } from "../../lib/log.ts";
import { decodeHistoryMessage } from "../../lib/protocol/decode_relay_frame.ts";
import {
  type Feature,
  FEATURES,
  type RawObject,
} from "../../lib/protocol/frames.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import type { AskKeys } from "../../lib/sealed/key_questions.ts";
import { RelayRound } from "../../lib/client/relay_round.ts";
import { writeInvite } from "../../lib/invites/invite_text.ts";
import { DyingFiles } from "./dying_files.ts";
import { identityOf, type PeerIdentity } from "./fast_identity.ts";
import { FakeClock, settle } from "./fake_clock.ts";
import { historyPage, roomsPage } from "./memory_pages.ts";
import { checkedCalls, type PlainCalls, roomName } from "./plain.ts";
import { restRowOf } from "./rest_row.ts";

const URL = "ws://relay.test/v1/ws";

interface HubRoom {
  readonly topic: string;
  readonly tags: readonly string[];
  readonly messages: RawObject[];
  readonly members: Map<string, ConnectOptions["events"]>;
  nextSeq: number;
}

/** A relay in memory with several agents at it, which a test can make lie. */
export class SealedHub {
  readonly clock = new FakeClock();
  readonly rooms = new Map<string, HubRoom>();
  readonly features: ReadonlySet<Feature>;
  /** All that was ever said, in order. */
  readonly said: RawObject[] = [];
  /** What an agent is given of a frame: none, itself, or others. */
  tells: (raw: RawObject, to: string) => readonly RawObject[] = (raw) => [raw];
  /** What a history shows of a frame; the same by default. */
  shows: (raw: RawObject, to: string) => boolean = () => true;
  readonly #agents: SealedAgent[] = [];

  constructor(features: readonly Feature[] = FEATURES) {
    this.features = new Set(features);
  }

  async agent(number: number, name: string): Promise<SealedAgent> {
    const agent = await SealedAgent.make(this, { number, name });
    this.#agents.push(agent);
    return agent;
  }

  /** Goes on until something is so. */
  async until(
    is: () => boolean | Promise<boolean>,
    what = "it",
  ): Promise<void> {
    for (let turn = 0; turn < 600; turn++) {
      if (await is()) return;
      await this.clock.advance(turn % 4 === 0 ? 250 : 0);
      await this.#keysAnswered();
    }
    throw new Error(`${what} did not come about`);
  }

  /** Goes on by so much, with time for what is done by other threads. */
  async goOn(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.clock.advance(Math.min(left, 500));
      await this.#keysAnswered();
    }
  }

  /** Their work is done by other threads, whose time no clock of ours turns. */
  async #keysAnswered(): Promise<void> {
    do await settle(8); while (this.#agents.some(({ asking }) => asking > 0));
  }

  /** Gives a frame to an agent that is in its room. */
  give(raw: RawObject, to: string): void {
    const events = this.rooms.get(String(raw.room))?.members.get(to);
    const decoded = decodeHistoryMessage(raw);
    if (decoded.ok) events?.push({ frame: decoded.frame, raw });
    else events?.dropped(decoded.fault.message);
  }

  /** Says a message in a room, as whoever signs it. */
  say(by: PeerIdentity, { room, id, text }: OutgoingMessage): RawObject {
    const here = this.#room(room);
    const signed = signFrame({
      ...{ type: "message", id, room, from: by.id },
      timestamp: this.clock.wall(),
      content: { type: "text", text },
      nonce: `nonce${this.said.length}`,
    }, by.sign);
    const stamp = { from_name: "x", received_at: this.clock.wall() };
    const raw = this.features.has("history")
      ? { ...signed, ...stamp, seq: here.nextSeq++ }
      : signed;
    here.messages.push(raw);
    this.said.push(raw);
    for (const to of here.members.keys()) {
      if (to === by.id) continue;
      for (const told of this.tells(raw, to)) this.give(told, to);
    }
    return raw;
  }

  connection(by: PeerIdentity, events: ConnectOptions["events"]) {
    const clock = this.clock;
    const enter = (name: string) => {
      const here = this.#room(name);
      const joined = {
        type: "room.member_joined" as const,
        ...{
          room: roomName(name),
          agent: { id: by.id, name: by.id.slice(0, 4) },
        },
      };
      for (const [id, other] of here.members) {
        if (id !== by.id) other.push({ frame: joined } as never);
      }
      here.members.set(by.id, events);
      const members = [...here.members.keys()].map((id) => ({
        ...{ id, name: id.slice(0, 4), joined_at: 1 },
      }));
      const { topic, tags } = here;
      return {
        ...{ type: "room.joined" as const, room: roomName(name) },
        ...{ topic, tags, members },
      };
    };
    const later = async <T>(action: () => T): Promise<T> => {
      await Promise.resolve();
      return action();
    };
    const connection: RelayConnection = {
      ...{ relay: "hub", features: this.features },
      get lastPongAt() {
        return clock.monotonic();
      },
      get clockSkewMs() {
        return 0;
      },
      create: ({ room, topic, tags }) =>
        later(() => {
          if (this.rooms.has(room)) {
            throw new Failure("ROOM_EXISTS", { fields: { room } });
          }
          const [members, messages] = [new Map(), []];
          const nextSeq = clock.wall();
          this.rooms.set(room, { topic, tags, messages, members, nextSeq });
          return enter(room);
        }),
      join: (room) => later(() => enter(room)),
      leave: (room) =>
        later(() => void this.#room(room).members.delete(by.id) as undefined),
      send: (message) =>
        later((): SendOutcome => {
          if (!this.#room(message.room).members.has(by.id)) {
            const fields = { room: message.room };
            throw new Failure("NOT_IN_ROOM", { fields });
          }
          const { seq } = this.say(by, message);
          return seq === undefined
            ? { status: "accepted" }
            : { status: "accepted", seq: Number(seq) };
        }),
      list: () => later(() => roomsPage(this.rooms)),
      presence: (room) =>
        later(() => ({
          ...{ type: "room.presence.result", room: roomName(room) },
          members: [],
        })),
      tellPresence: () => undefined,
      history: (query) => later(() => this.#history(query, by.id)),
      close: () => undefined,
    };
    return connection;
  }

  rest(room: string, limit: number, to: string): RawObject[] {
    return this.#room(room).messages.filter((raw) => this.shows(raw, to))
      .toReversed().slice(0, limit).map(restRowOf);
  }

  /** The agent is gone from every room. */
  drop(id: string): void {
    for (const { members } of this.rooms.values()) members.delete(id);
  }

  [Symbol.dispose](): void {
    for (const agent of this.#agents) agent.end();
  }

  #history(query: HistoryQuery, to: string) {
    const all = this.#room(query.room).messages;
    return historyPage(all.filter((raw) => this.shows(raw, to)), query);
  }

  #room(name: string): HubRoom {
    const here = this.rooms.get(name);
    if (here !== undefined) return here;
    throw new Failure("ROOM_NOT_FOUND", { fields: { room: name } });
  }
}

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
    this.#chance = name.charCodeAt(0) + 1;
  }

  static async make(
    hub: SealedHub,
    { number, name }: { readonly number: number; readonly name: string },
  ): Promise<SealedAgent> {
    const seed = new Uint8Array(32).fill(number);
    const agent = new SealedAgent(hub, { seed, name });
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
      },
      connect,
      dial: () => Promise.reject(new Error("nobody dials the hub")),
      clock: hub.clock,
      randomBytes: (count) => this.#random(count),
      log: silentLogger,
      databasePath: `${this.folder}/mailbox.db`,
      sign: () => Promise.resolve(""),
      findProof: () => Promise.resolve(""),
      attest: () => Promise.resolve(""),
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
      ...{ startedAt: hub.clock.wall(), warnings: [] },
      ...{ workerRestarts: 0, restartsInARow: 0 },
      requestStop: () => undefined,
      requestHandover: () => undefined,
      ...changed,
    });
    this.session = checkedCalls(session);
    this.session.start();
  }

  #random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => {
      this.#chance = (this.#chance * 1_103_515_245 + 12_345) % 2 ** 31;
      return (this.#chance >> 16 & 255) ^ (this.seed[0] ?? 0);
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
