import type * as HashWasm from "hash-wasm";
import { leadingZeroBits } from "../protocol/pow.ts";
import { leadText, TAILS, tailText } from "./proof_text.ts";
import type { Search, SearchTask, Step } from "./search.ts";

/** Candidates a step tries: about half a millisecond. */
const HASHES_A_STEP = 256;

/** The search for runtimes without SIMD: same proofs, some seventy times slower. */
export class PlainSearch implements Search {
  readonly #task: SearchTask;
  readonly #hasher: HashWasm.IHasher;
  readonly #challengeBytes: number;
  #lead: number;
  #tail = 0;
  #midstate: Uint8Array;

  /** Use `open`: the hasher is made asynchronously. */
  private constructor(task: SearchTask, hasher: HashWasm.IHasher) {
    this.#task = task;
    this.#hasher = hasher;
    this.#challengeBytes = new TextEncoder().encode(task.challenge).length;
    this.#lead = task.share.index;
    this.#midstate = this.#hashLead();
  }

  static async open(task: SearchTask): Promise<PlainSearch> {
    // Loaded only where it is needed, and of the library this one hash alone: 18 KB of 280.
    const { createSHA256 } = await oneHash();
    return new PlainSearch(task, await createSHA256());
  }

  step(): Step {
    for (let hashes = 1; hashes <= HASHES_A_STEP; hashes++) {
      const tail = tailText(this.#tail);
      const hasher = this.#hasher.load(this.#midstate).update(tail);
      if (leadingZeroBits(hasher.digest("binary")) >= this.#task.difficulty) {
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

  #hashLead(): Uint8Array {
    const lead = leadText(this.#challengeBytes, this.#lead);
    return this.#hasher.init().update(this.#task.challenge + lead).save();
  }
}

async function oneHash(): Promise<Pick<typeof HashWasm, "createSHA256">> {
  return (await import("hash-wasm/sha256")).default;
}
