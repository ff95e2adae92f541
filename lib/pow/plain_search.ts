import { createHash, type Hash } from "node:crypto";
import { leadingZeroBits } from "../protocol/pow.ts";
import { leadText, TAILS, tailText } from "./proof_text.ts";
import type { Search, SearchTask, Step } from "./search.ts";

/** Candidates a step tries: about a millisecond. */
const HASHES_A_STEP = 256;

/**
 * The search for processors without SIMD, of which hardly any are left: same proofs, some hundred times slower.
 * A library for it would be a third of the session's bundle.
 */
export class PlainSearch implements Search {
  readonly #task: SearchTask;
  readonly #challengeBytes: number;
  #lead: number;
  #tail = 0;
  #midstate: Hash;

  constructor(task: SearchTask) {
    this.#task = task;
    this.#challengeBytes = new TextEncoder().encode(task.challenge).length;
    this.#lead = task.share.index;
    this.#midstate = this.#hashLead();
  }

  step(): Step {
    for (let hashes = 1; hashes <= HASHES_A_STEP; hashes++) {
      const tail = tailText(this.#tail);
      const digest = this.#midstate.copy().update(tail).digest();
      if (leadingZeroBits(digest) >= this.#task.difficulty) {
        const proof = leadText(this.#challengeBytes, this.#lead) + tail;
        return { hashes, proof };
      }
      this.#advance();
    }
    return { hashes: HASHES_A_STEP };
  }

  #advance(): void {
    this.#tail++;
    if (this.#tail < TAILS) return;
    this.#tail = 0;
    this.#lead += this.#task.share.of;
    this.#midstate = this.#hashLead();
  }

  #hashLead(): Hash {
    const lead = leadText(this.#challengeBytes, this.#lead);
    return createHash("sha256").update(this.#task.challenge + lead);
  }
}
