import type { Clock } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import { apiAddressText } from "../../lib/local_api/address.ts";
import type { Logger } from "../../lib/log.ts";
import type { LogMessage } from "../../lib/worker_log.ts";
import {
  type MemoryWatch,
  SupervisedWorker,
  type WorkerLike,
} from "../../lib/sandbox.ts";
import type {
  FromSessionWorker,
  KeeperAnswer,
  SessionInit,
} from "../worker/keeper_messages.ts";
import type { DaemonEnd } from "./daemon_host.ts";
import type { KeyDesk, KeysAnswered } from "./key_desk.ts";
import type { Inviting, Signer, Signing, Tokened } from "./signer.ts";
import type { SolverWorkers } from "./solver_workers.ts";
import { type Rate, RateLimit } from "./rate_limit.ts";
import { parseWorkerMessage } from "./parse_worker_message.ts";
import { defined } from "../../lib/defined.ts";

/** What a session worker is told at each start, but for its own history. */
export type SessionBase = Omit<
  SessionInit,
  | "type"
  | "workerRestarts"
  | "restartsInARow"
  | "workerRestartReason"
  | "insist"
>;

export interface SessionSupervisorOptions {
  readonly session: SessionBase;
  /** Starts a session worker. */
  readonly start: () => WorkerLike;
  readonly signer: Pick<Signer, "sign" | "invite" | "attest" | "blob">;
  readonly keys: Pick<KeyDesk, "answer">;
  readonly solvers: Pick<
    SolverWorkers,
    "borrow" | "giveBack" | "reclaim" | "stop"
  >;
  readonly clock: Clock;
  readonly log: Logger;
  readonly memory: MemoryWatch;
  /** Called at each start of the worker that came to listen, with the real port. */
  readonly onListening: (port: number) => void;
  readonly onEndWanted: (end: DaemonEnd) => void;
  /** No session worker can be started any more: only a new process helps. */
  readonly onGivenUp: (failure: Failure) => void;
}

/** Characters of the log. */
const LOG_RATE: Rate = { burst: 1_000_000, perSecond: 5_000 };
/** What a line has beside its event and fields. */
const LINE_SIZE = 60;
/** What a worker asks for but signatures and keys, which have rates of their own. */
const ASK_RATE: Rate = { burst: 100, perSecond: 10 };

/** Whether it asks for a signature. */
function isSigning(message: FromSessionWorker | null): boolean {
  const { type = "" } = message ?? {};
  return type === "sign" || type === "invite" || type === "attest" ||
    type === "blob";
}

/** The session worker, kept alive, and what the keeper does for it. */
export class SessionSupervisor {
  readonly #options: SessionSupervisorOptions;
  readonly #worker: SupervisedWorker;
  readonly #first = Promise.withResolvers<void>();
  readonly #logged: RateLimit;
  readonly #asks: RateLimit;
  #linesLeftOut = 0;
  #hasListened = false;

  constructor(options: SessionSupervisorOptions) {
    this.#options = options;
    const { start, clock, log, memory } = options;
    this.#logged = new RateLimit(LOG_RATE, clock);
    this.#asks = new RateLimit(ASK_RATE, clock);
    this.#worker = new SupervisedWorker({
      name: "session",
      start,
      init: () => ({ message: this.#init(), transfer: [] }),
      onMessage: (data) => this.#heardRaw(data),
      onRestart: (reason) => this.#restarting(reason),
      onStillborn: (reason) => this.#givenUp(reason),
      clock,
      log,
      memory,
    });
  }

  /**
   * Resolves when the local API listens.
   *
   * @throws {Failure} PORT_IN_USE, USAGE or INTERNAL.
   */
  start(): Promise<void> {
    this.#worker.start();
    return this.#first.promise;
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
    this.#options.solvers.stop();
  }

  #init(): SessionInit {
    const { restarts, failures, lastReason } = this.#worker;
    return {
      ...this.#options.session,
      type: "init",
      workerRestarts: restarts,
      restartsInARow: failures,
      ...defined({ workerRestartReason: lastReason }),
      insist: this.#hasListened,
    };
  }

  #heardRaw(data: unknown): void {
    const message = parseWorkerMessage(data);
    if (message?.type === "log") return this.#logLine(message);
    const hasOwnRate = isSigning(message) || message?.type === "keys";
    if (!hasOwnRate && !this.#asks.take()) {
      return this.#worker.fail("it asks for more than it can need");
    }
    if (message !== null) return this.#heard(message);
    const event = "the session worker said something strange";
    this.#logLine({ level: "warn", event, fields: {} });
  }

  /** Who takes it over must not fill the disk that the log is on. */
  #logLine({ level, event, fields }: Omit<LogMessage, "type">): void {
    const { log } = this.#options;
    const size = LINE_SIZE + event.length + JSON.stringify(fields).length;
    if (!this.#logged.take(size)) {
      this.#linesLeftOut++;
      return;
    }
    if (this.#linesLeftOut > 0) {
      const lines = this.#linesLeftOut;
      this.#linesLeftOut = 0;
      log.warn("too much for the log: lines were left out", { lines });
    }
    log[level](event, fields);
  }

  #heard(message: Exclude<FromSessionWorker, LogMessage>): void {
    const { signer, keys, solvers, onEndWanted } = this.#options;
    switch (message.type) {
      case "sign":
        void this.#sign(message.id, signer.sign(message.frame));
        return;
      case "invite":
        void this.#invite(message.id, signer.invite(message));
        return;
      case "attest":
        void this.#sign(message.id, signer.attest(message));
        return;
      case "blob":
        void this.#blob(message.id, signer.blob(message.claim));
        return;
      case "keys":
        void this.#keys(message.id, keys.answer(message.question));
        return;
      case "borrow_solvers": {
        const ports = solvers.borrow();
        const { id } = message;
        return this.#answer({ type: "solvers", id, ports }, ports);
      }
      case "return_solvers":
        return solvers.giveBack();
      case "listening":
        return this.#listening(message.port);
      case "not_listening":
        return this.#notListening(message);
      case "not_started":
        return this.#notStarted(Failure.fromJson(message.failure));
      case "stop_wanted":
        return onEndWanted("stopped");
      case "handover_wanted":
        return onEndWanted("handed over");
      default:
        return message satisfies never;
    }
  }

  async #sign(id: number, coming: Promise<Signing>): Promise<void> {
    const signing = await this.#stillAsked(coming);
    if (signing === null) return;
    if (!signing.ok) return this.#notSigned(id, signing.reason);
    const { signature } = signing;
    this.#answer({ type: "signed", id, signature });
  }

  async #invite(id: number, coming: Promise<Inviting>): Promise<void> {
    const inviting = await this.#stillAsked(coming);
    if (inviting === null) return;
    if (!inviting.ok) return this.#notSigned(id, inviting.reason);
    this.#answer({ type: "invited", id, invite: inviting.invite });
  }

  async #blob(id: number, coming: Promise<Tokened>): Promise<void> {
    const tokened = await this.#stillAsked(coming);
    if (tokened === null) return;
    if (!tokened.ok) return this.#notSigned(id, tokened.reason);
    this.#answer({ type: "blob_token", id, token: tokened.token });
  }

  async #keys(id: number, coming: Promise<KeysAnswered>): Promise<void> {
    const answered = await this.#stillAsked(coming);
    if (answered === null) return;
    if (answered.ok) {
      return this.#answer({ type: "keys", id, answer: answered.answer });
    }
    const { failure } = answered;
    const fields = { reason: failure.message };
    this.#logLine({ level: "warn", event: "room keys", fields });
    this.#answer({ type: "no_keys", id, failure });
  }

  /** Null once another worker came: it counts its questions from one again. */
  async #stillAsked<Result>(coming: Promise<Result>): Promise<Result | null> {
    const { restarts } = this.#worker;
    const result = await coming;
    return this.#worker.restarts === restarts ? result : null;
  }

  #notSigned(id: number, reason: string): void {
    this.#logLine({ level: "error", event: "not signed", fields: { reason } });
    this.#answer({ type: "not_signed", id, reason });
  }

  #answer(answer: KeeperAnswer, transfer: Transferable[] = []): void {
    this.#worker.post(answer, transfer);
  }

  #listening(port: number): void {
    this.#hasListened = true;
    this.#options.onListening(port);
    this.#first.resolve();
  }

  #notListening(
    { reason, isInUse }: { readonly reason: string; readonly isInUse: boolean },
  ): void {
    const address = apiAddressText(this.#options.session.api);
    const failure = isInUse
      ? new Failure("PORT_IN_USE", {
        fields: { address, setting: "--api or AGENTNET_API" },
      })
      : new Failure("USAGE", {
        fields: {
          reason: `can't listen on ${address}: ${reason}`,
          fix:
            "pass a loopback address of this host to --api, such as 127.0.0.1:9900 or [::1]:9900",
        },
      });
    this.#first.reject(failure);
  }

  /** The first time it is an error to whoever started the daemon; later the worker is tried again. */
  #notStarted(failure: Failure): void {
    if (this.#hasListened) this.#worker.fail(failure.message);
    else this.#first.reject(failure);
  }

  #givenUp(reason: string): void {
    const fields = { reason: `no session worker starts any more: ${reason}` };
    this.#options.onGivenUp(new Failure("INTERNAL", { fields }));
  }

  #restarting(reason: string): void {
    this.#options.solvers.reclaim();
    // Before it has listened once, a worker that fails is an error to whoever started it.
    if (this.#hasListened) return;
    this.#first.reject(new Failure("INTERNAL", { fields: { reason } }));
  }
}
