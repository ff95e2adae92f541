import { Failure, type FailureJson } from "../errors.ts";
import type { ApiResponse, Fetch } from "../local_api/client.ts";
import { CutOff } from "../local_api/cut_off.ts";
import { ADMIN_FILES, type AdminAct, type AdminActs } from "./types.ts";

/** Longest time that an answer may take, in milliseconds. */
const ANSWER_MS = 20_000;
/** Acts that change nothing. */
const QUESTIONS: ReadonlySet<AdminAct> = new Set(
  ["ping", "list", "stats", "cluster"],
);
/** Longest content of a file that is looked at. */
const MOST = 256;

export interface AdminClientOptions {
  /** The relay's data dir. */
  readonly dataDir: string;
  readonly fetch: Fetch;
  /** Rejects with an error of `Deno.errors`. */
  readonly readTextFile: (path: string) => Promise<string>;
}

/** The admin port of the relay that runs with a data dir. Every method rejects with a `Failure` and nothing else. */
export class AdminApi {
  readonly #options: AdminClientOptions;

  constructor(options: AdminClientOptions) {
    this.#options = options;
  }

  /**
   * @param signal ends it earlier, as NO_RELAY.
   * @throws {Failure} NO_RELAY, FILE_TROUBLE, or what the relay answers; OUTCOME_UNKNOWN where it went out, may have
   *   changed something, and has no answer.
   */
  async act<A extends AdminAct>(
    act: A,
    body: AdminActs[A]["body"],
    signal?: AbortSignal,
  ): Promise<AdminActs[A]["answer"]> {
    const address = await this.#read(ADMIN_FILES.address);
    const token = await this.#read(ADMIN_FILES.token);
    if (!/^(127\.0\.0\.1|\[::1\]):\d{1,5}$/.test(address)) {
      throw this.#noRelay();
    }
    const response = await this.#post(`http://${address}/v1/${act}`, {
      body: JSON.stringify(body),
      token,
      signal,
    }).catch((cause) => {
      throw this.#unanswered(act, cause);
    });
    return await this.#answerOf(response) as AdminActs[A]["answer"];
  }

  async #post(
    url: string,
    { body, token, signal }: {
      readonly body: string;
      readonly token: string;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<ApiResponse> {
    const late = AbortSignal.timeout(ANSWER_MS);
    return await this.#options.fetch(url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
  }

  /** What went out to a relay that had proved itself may have been done. */
  #unanswered(act: AdminAct, cause: unknown): Failure {
    const isLate = cause instanceof DOMException &&
      cause.name === "TimeoutError";
    const wentOut = isLate || cause instanceof CutOff;
    if (!wentOut || QUESTIONS.has(act)) return this.#noRelay(cause);
    return new Failure("OUTCOME_UNKNOWN", {
      fields: { who: "the relay" },
      cause,
    });
  }

  async #answerOf(response: ApiResponse): Promise<unknown> {
    const value = await this.#jsonOf(response);
    if (response.ok) return value;
    const { error } = (value ?? {}) as { error?: FailureJson };
    const isOurs = typeof error?.code === "string" &&
      typeof error.message === "string" && typeof error.fix === "string";
    // A token that is refused: the port is another program's by now.
    if (!isOurs || error.code === "BAD_TOKEN") throw this.#noRelay();
    throw Failure.fromJson(error);
  }

  async #jsonOf(response: ApiResponse): Promise<unknown> {
    try {
      return JSON.parse(await response.text());
    } catch (cause) {
      throw this.#noRelay(cause);
    }
  }

  async #read(name: string): Promise<string> {
    const path = `${this.#options.dataDir}/${name}`;
    try {
      return (await this.#options.readTextFile(path)).slice(0, MOST).trim();
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) throw this.#noRelay(cause);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Failure("FILE_TROUBLE", {
        fields: { action: "read", path, reason },
        cause,
      });
    }
  }

  #noRelay(cause?: unknown): Failure {
    const fields = { dir: this.#options.dataDir };
    return new Failure("NO_RELAY", { fields, cause });
  }
}
