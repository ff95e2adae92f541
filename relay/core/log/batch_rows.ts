import type { StoreAnswer } from "../../store/contract.ts";
import type { NewRow, OnAnswer } from "../effects.ts";
import type { Now } from "../events.ts";
import type { Rows } from "../rooms/rooms_state.ts";

interface Asked {
  readonly row: NewRow;
  readonly onAnswer: OnAnswer;
}

/** The rows of one batch of the log. They are written together or not at all, and nothing comes after them before they are. */
export class BatchRows implements Rows {
  #now: Now = { wall: 0, mono: 0 };
  #rows: NewRow[] = [];
  #judged: Asked[] = [];

  /** The batch's time, by which its rules go. */
  begin(now: Now): void {
    this.#now = now;
  }

  /** What can't fail by itself is as good as written; what becomes of a message, or a file, the view decides. */
  write(row: NewRow, onAnswer: OnAnswer): void {
    this.#rows.push(row);
    if (isJudged(row)) this.#judged.push({ row, onAnswer });
    else onAnswer({ kind: "stored", token: 0 }, this.#now);
  }

  /** The rows since the last call. */
  take(): readonly NewRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** What became of what is judged, in its order. */
  answered(answers: readonly StoreAnswer[]): void {
    const asked = this.#judged;
    this.#judged = [];
    for (const [i, { onAnswer }] of asked.entries()) {
      const answer = answers[i];
      if (answer === undefined) {
        throw new Error("the view did not answer all of a batch's questions");
      }
      onAnswer(answer, this.#now);
    }
  }
}

function isJudged({ kind }: NewRow): boolean {
  return kind === "message" || kind === "direct" || kind === "blob_reserved" ||
    kind === "blob_kept";
}
