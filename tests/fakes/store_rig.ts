import type {
  StoreAnswer,
  StoredMessage,
  StoreMessage,
  StoreReady,
  StoreRequest,
  StoreRoomOpened,
  StoreSays,
} from "../../relay/store/contract.ts";
import {
  STORE_DEFAULTS,
  type StoreOptions,
  type StoreState,
} from "../../relay/store/store_options.ts";
import { diskDatabase } from "../../relay/store/open_sqlite.ts";
import { StoreService } from "../../relay/store/service.ts";
import { FakeClock } from "./fake_clock.ts";
import { SqlFaults } from "./sql_faults.ts";

/** A store on a real file in a folder of its own, on a clock turned by hand. */
export class StoreRig {
  readonly folder = Deno.makeTempDirSync({ prefix: "store-" });
  readonly path = `${this.folder}/relay.db`;
  readonly clock = new FakeClock();
  readonly sql = new SqlFaults();
  readonly says: StoreSays[] = [];
  readonly states: StoreState[] = [];
  /** Called with each thing that the store says, as it says it. */
  heard: (says: StoreSays) => void = () => {};
  readonly #options: StoreOptions;
  #service: StoreService;
  #token = 0;

  constructor(options: Partial<StoreOptions> = {}) {
    this.#options = { ...STORE_DEFAULTS, ...options };
    this.#service = this.#make();
    this.#service.start();
  }

  /** Runs a test on a rig; the folder is gone afterwards. */
  static async use(
    options: Partial<StoreOptions>,
    test: (rig: StoreRig) => Promise<void> | void,
  ): Promise<void> {
    const rig = new StoreRig(options);
    try {
      await test(rig);
      rig.stop();
    } finally {
      Deno.removeSync(rig.folder, { recursive: true });
    }
  }

  get ready(): StoreReady | undefined {
    return this.says.findLast((says): says is StoreReady =>
      "kind" in says && says.kind === "ready"
    );
  }

  get answers(): readonly StoreAnswer[] {
    return this.says.flatMap((says) => "kind" in says ? [] : says);
  }

  stop(): void {
    this.#service.stop();
  }

  /** Stops the store and starts another on the same file. */
  restart(): void {
    this.stop();
    this.#service = this.#make();
    this.#service.start();
  }

  token(): number {
    return ++this.#token;
  }

  receive(requests: readonly StoreRequest[]): void {
    this.#service.receive(requests);
  }

  /** Posts requests as one message and turns the clock until each has its answer. */
  async ask(requests: readonly StoreRequest[]): Promise<StoreAnswer[]> {
    const tokens = new Set(requests.map((request) => request.token));
    const from = this.answers.length;
    this.receive(requests);
    for (let turn = 0; turn < 500; turn++) {
      const own = this.answers.slice(from)
        .filter((answer) => tokens.has(answer.token));
      if (own.length >= tokens.size) return own;
      await this.clock.advance(1);
    }
    throw new Error("requests were not answered");
  }

  async one(request: StoreRequest): Promise<StoreAnswer> {
    const [answer] = await this.ask([request]);
    if (!answer) throw new Error("no answer");
    return answer;
  }

  opened(room: string, fields: Partial<StoreRoomOpened> = {}): StoreRoomOpened {
    return {
      kind: "room_opened",
      token: this.token(),
      room,
      topic: "a topic",
      tags: ["one", "two"],
      created_by: "opener",
      created_from: "192.0.2.1",
      created_at: this.clock.wall(),
      ...fields,
    };
  }

  message(room: string, fields: Partial<StoreMessage> = {}): StoreMessage {
    const token = this.token();
    return {
      kind: "message",
      token,
      room,
      id: `id-${token}`,
      from: "author",
      from_name: "An Author",
      frame: `{"n":${token}}`,
      text_hash: `hash-${token}`,
      timestamp: this.clock.wall(),
      received_at: this.clock.wall(),
      ...fields,
    };
  }

  /** A page, which must be one. */
  async page(
    request:
      & { kind: "history" | "rest_history"; room: string }
      & Partial<
        Record<"after_seq" | "before_seq" | "before" | "limit", number>
      >
      & { most_bytes?: number },
  ): Promise<{ messages: readonly StoredMessage[]; has_more: boolean }> {
    const answer = await this.one({
      token: this.token(),
      limit: 200,
      most_bytes: 512 * 1024,
      ...request,
    });
    if (answer.kind !== "page") throw new Error(JSON.stringify(answer));
    return answer;
  }

  #make(): StoreService {
    return new StoreService({
      path: this.path,
      open: this.sql.open,
      files: diskDatabase,
      options: this.#options,
      clock: this.clock,
      say: (says) => {
        this.says.push(says);
        this.heard(says);
      },
      tell: (state) => this.states.push(state),
    });
  }
}
