import { checkProof } from "../protocol/pow.ts";
import {
  BLOCK_BYTES,
  charCode,
  leadLength,
  LEADS,
  leadText,
  TAIL_FILL,
  TAILS,
  tailText,
} from "./proof_text.ts";
import type { Search, SearchTask, Step } from "./search.ts";
import { SOLVER_WASM } from "./solver_wasm.ts";

interface Constant {
  readonly value: number;
}

/** What `assembly/simd_kernel.ts` exports; addresses are in bytes. */
interface SolverModule {
  readonly memory: WebAssembly.Memory;
  readonly SLOTS: Constant;
  readonly CHAINS: Constant;
  readonly stateAt: Constant;
  readonly blockAt: Constant;
  readonly tailAt: Constant;
  readonly lastWordAt: Constant;
  readonly hitsAt: Constant;
  begin(): void;
  absorb(): void;
  midstate(slot: number, w14: number, w15: number): void;
  search(from: number, mask: number): number;
}

const LANES = 4;
/** Rows of candidates a step tries: about 4,000 hashes, an eighth of a millisecond. */
const ROWS_A_STEP = 8;

const bytes = Uint8Array.from(atob(SOLVER_WASM), (c) => c.charCodeAt(0));
let compiled: WebAssembly.Module | undefined;

/** Whether this runtime and processor can run the solver's 128-bit SIMD. */
export function simdSupported(): boolean {
  return WebAssembly.validate(bytes);
}

/**
 * The fast search. Throws `WebAssembly.CompileError` where `simdSupported()`
 * is false. One instance a search, since each holds its challenge's midstates;
 * they share the compiled code.
 */
export class SimdSearch implements Search {
  readonly #task: SearchTask;
  readonly #challengeBytes: number;
  readonly #wasm: SolverModule;
  readonly #words: Uint32Array;
  readonly #slots: number;
  readonly #mask: number;
  #w14 = 0;
  #group: number;
  /** Next four tails, in units of LANES. */
  #row = 0;

  constructor(task: SearchTask) {
    compiled ??= new WebAssembly.Module(bytes);
    const exports = new WebAssembly.Instance(compiled).exports;
    this.#wasm = exports as unknown as SolverModule;
    this.#words = new Uint32Array(this.#wasm.memory.buffer);
    this.#slots = this.#wasm.SLOTS.value;
    this.#task = task;
    this.#mask = firstWordMask(task.difficulty);
    this.#group = task.share.index;
    const challenge = new TextEncoder().encode(task.challenge);
    this.#challengeBytes = challenge.length;
    this.#absorbChallenge(challenge);
    this.#fillSlots();
  }

  step(): Step {
    let hashes = 0;
    for (let i = 0; i < ROWS_A_STEP; i++) {
      const row = this.#tryRow();
      hashes += row.hashes;
      if (row.proof !== undefined) return { hashes, proof: row.proof };
    }
    return { hashes };
  }

  /** Four tails with every lead held. */
  #tryRow(): Step {
    this.#writeLastWords();
    const chains = this.#wasm.CHAINS.value;
    for (let from = 0; from < this.#slots; from += chains) {
      from = this.#wasm.search(from, this.#mask);
      if (from < 0) break;
      const proof = this.#confirm(from);
      if (proof !== undefined) {
        return { hashes: (from + chains) * LANES, proof };
      }
    }
    this.#advance();
    return { hashes: this.#slots * LANES };
  }

  /** The first of the candidates marked at `slot` and after that holds in full. */
  #confirm(slot: number): string | undefined {
    const hits = this.#wasm.hitsAt.value / 4;
    const count = this.#wasm.CHAINS.value * LANES;
    for (let i = 0; i < count; i++) {
      if (this.#words[hits + i] === 0) continue;
      const lead = this.#group * this.#slots + slot + Math.floor(i / LANES);
      const proof = leadText(this.#challengeBytes, lead) +
        tailText(this.#row * LANES + i % LANES);
      const { challenge, difficulty } = this.#task;
      if (checkProof({ challenge, proof }, difficulty)) return proof;
    }
    return undefined;
  }

  #advance(): void {
    this.#row++;
    if (this.#row * LANES < TAILS) return;
    this.#row = 0;
    this.#group += this.#task.share.of;
    this.#fillSlots();
  }

  /** Hashes all blocks but the lead's last, and leaves that one and the tail in place. */
  #absorbChallenge(challenge: Uint8Array): void {
    const whole = challenge.length + leadLength(challenge.length);
    const text = new Uint8Array(whole).fill(charCode(0));
    text.set(challenge);
    this.#wasm.begin();
    for (let at = 0; at < whole; at += BLOCK_BYTES) {
      this.#writeBlock(this.#wasm.blockAt.value, text.subarray(at));
      if (at + BLOCK_BYTES < whole) this.#wasm.absorb();
    }
    this.#w14 = this.#words[this.#wasm.blockAt.value / 4 + 14] ?? 0;
    const tail = new Uint8Array(BLOCK_BYTES).fill(charCode(0), 0, TAIL_FILL);
    this.#writeBlock(this.#wasm.tailAt.value, tail);
    const bits = (whole + TAIL_FILL + 3) * 8;
    this.#words[this.#wasm.tailAt.value / 4 + 15] = bits;
  }

  #writeBlock(address: number, block: Uint8Array): void {
    const view = new DataView(block.buffer, block.byteOffset, BLOCK_BYTES);
    for (let i = 0; i < BLOCK_BYTES; i += 4) {
      this.#words[(address + i) / 4] = view.getUint32(i);
    }
  }

  #fillSlots(): void {
    const first = this.#group * this.#slots;
    if (first + this.#slots > LEADS) {
      throw new RangeError("every proof of this share has been tried");
    }
    for (let slot = 0; slot < this.#slots; slot++) {
      const lead = first + slot;
      const high = Math.floor(lead / 2 ** 24);
      const w14 = this.#w14 & 0xffff0000 | charCode(high >> 6) << 8 |
        charCode(high);
      this.#wasm.midstate(slot, w14, fourChars(lead % 2 ** 24));
    }
  }

  #writeLastWords(): void {
    const at = this.#wasm.lastWordAt.value / 4;
    for (let lane = 0; lane < LANES; lane++) {
      const tail = this.#row * LANES + lane;
      // Three characters, then the 1 bit that ends a message.
      this.#words[at + lane] = fourChars(tail) << 8 | 0x80;
    }
  }
}

/** The top bits of the digest's first word that must be 0, at most 32. */
function firstWordMask(difficulty: number): number {
  if (difficulty === 0) return 0;
  return -1 << Math.max(0, 32 - difficulty);
}

function fourChars(value: number): number {
  return charCode(value >> 18) << 24 | charCode(value >> 12) << 16 |
    charCode(value >> 6) << 8 | charCode(value);
}
