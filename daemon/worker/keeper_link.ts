import type { BlobToken } from "../session/files/relay_blobs.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  FindProof,
  SignFrame,
} from "../../lib/client/connection_types.ts";
import type { AskKeys } from "../../lib/sealed/key_questions.ts";
import type { Attest, WriteInvite } from "../session/session_options.ts";
import type { ProofProgress } from "../../lib/local_api/types/status.ts";
import { PowPool } from "../../lib/pow/pool.ts";
import { type PowOutcome, solve } from "../../lib/pow/solver.ts";
import { SearchTurns } from "./search_turns.ts";
import type {
  FromSessionWorker,
  KeeperAnswer,
  KeeperRequest,
} from "./keeper_messages.ts";

/** Above this many bits a proof is worth the start of solver workers: 2^18 hashes are some 30 ms of one core. */
const ALONE_BITS = 18;

/** The session worker's way to what only the keeper can do: sign, and start workers. */
export class KeeperLink {
  readonly #tell: (message: FromSessionWorker) => void;
  readonly #asked = new Map<number, (answer: KeeperAnswer) => void>();
  readonly #turns = new SearchTurns();
  #lastId = 0;
  #proof: ProofProgress | undefined;

  constructor(tell: (message: FromSessionWorker) => void) {
    this.#tell = tell;
  }

  /** How far the search for a room's proof has come, while there is one. */
  get proof(): ProofProgress | undefined {
    return this.#proof;
  }

  heard(answer: KeeperAnswer): void {
    this.#asked.get(answer.id)?.(answer);
    this.#asked.delete(answer.id);
  }

  readonly sign: SignFrame = async (frame) => {
    const answer = await this.#ask({ type: "sign", frame });
    if (answer.type === "signed") return answer.signature;
    throw notSigned(answer);
  };

  readonly writeInvite: WriteInvite = async (wanted) => {
    const answer = await this.#ask({ type: "invite", ...wanted });
    if (answer.type === "invited") return answer.invite;
    throw notSigned(answer);
  };

  readonly attest: Attest = async ({ chain, count }) => {
    const answer = await this.#ask({ type: "attest", chain, count });
    if (answer.type === "signed") return answer.signature;
    throw notSigned(answer);
  };

  readonly blobToken: BlobToken = async (claim) => {
    const answer = await this.#ask({ type: "blob", claim });
    if (answer.type === "blob_token") return answer.token;
    throw notSigned(answer);
  };

  readonly askKeys: AskKeys = async (question) => {
    const answer = await this.#ask({ type: "keys", question });
    if (answer.type === "no_keys") throw Failure.fromJson(answer.failure);
    // The keeper answers each question in its own form.
    if (answer.type === "keys") return answer.answer as never;
    throw notSigned(answer);
  };

  readonly findProof: FindProof = async ({ challenge, difficulty }, signal) => {
    const outcome = difficulty <= ALONE_BITS
      ? await solve(challenge, difficulty, { signal })
      : await this.#turns.take(
        () => this.#solveTogether({ challenge, difficulty }, signal),
        signal,
      );
    return proofOf(outcome, signal, difficulty);
  };

  async #solveTogether(
    task: { readonly challenge: string; readonly difficulty: number },
    signal: AbortSignal,
  ): Promise<PowOutcome> {
    const answer = await this.#ask({ type: "borrow_solvers" });
    const ports = answer.type === "solvers" ? answer.ports : [];
    try {
      const pool = new PowPool(ports);
      return await pool.solve(task.challenge, task.difficulty, {
        signal,
        onProgress: ({ hashes, expected, elapsedMs }) =>
          this.#proof = { hashes, expected, elapsed_ms: elapsedMs },
      });
    } finally {
      this.#proof = undefined;
      for (const port of ports) port.close();
      this.#tell({ type: "return_solvers" });
    }
  }

  #ask(request: KeeperRequest): Promise<KeeperAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#tell({ ...request, id });
    });
  }
}

function notSigned(answer: KeeperAnswer): Failure {
  const reason = answer.type === "not_signed"
    ? `the keeper does not sign: ${answer.reason}`
    : "the keeper answers something else";
  return new Failure("INTERNAL", { fields: { reason } });
}

function proofOf(
  outcome: PowOutcome,
  signal: AbortSignal,
  difficulty: number,
): string {
  if (outcome.ok) return outcome.proof;
  if (outcome.reason === "too_hard") {
    throw new Failure("POW_TOO_HARD", { fields: { difficulty, most: 40 } });
  }
  signal.throwIfAborted();
  throw new Failure("POW_TIMEOUT");
}
