import type { Checkpoint } from "./op.ts";

/** The digests of this relay's last checkpoints, to compare others' with. */
export class Checkpoints {
  readonly #digests = new Map<number, string>();
  last: Checkpoint = { ops: 0, digest: "" };

  note(checkpoint: Checkpoint): void {
    this.last = checkpoint;
    this.#digests.set(checkpoint.ops, checkpoint.digest);
    for (const oldest of this.#digests.keys()) {
      if (this.#digests.size <= MOST_CHECKPOINTS) break;
      this.#digests.delete(oldest);
    }
  }

  /** Whether another relay wrote the same by then; null where this one does not remember. */
  agrees({ ops, digest }: Checkpoint): boolean | null {
    const own = this.#digests.get(ops);
    return own === undefined ? null : own === digest;
  }
}

/** Checkpoints remembered: a minute of the log at its fastest, a quarter of an hour else. */
const MOST_CHECKPOINTS = 1_024;
