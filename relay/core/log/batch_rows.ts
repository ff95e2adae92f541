import type { StoreAnswer } from "../../store/contract.ts";
import type { NewRow, OnAnswer } from "../effects.ts";
import type { Now } from "../events.ts";
import type { Rows } from "../rooms/rooms_state.ts";

interface Asked {
  readonly row: NewRow;
  readonly onAnswer: OnAnswer;
}

/** What one batch asks of the view. */
export interface AskedRows {
  readonly rows: readonly NewRow[];
  /** Tells what became of what is judged, in its order. */
  answered(answers: readonly StoreAnswer[]): void;
}

/** The rows of the batch of the log that is applied. They are written together or not at all. */
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
  take(): AskedRows {
    const [rows, judged, now] = [this.#rows, this.#judged, this.#now];
    this.#rows = [];
    this.#judged = [];
    return {
      rows,
      answered: (answers) => tellAll(judged, answers, now),
    };
  }
}

function tellAll(
  judged: readonly Asked[],
  answers: readonly StoreAnswer[],
  now: Now,
): void {
  for (const [i, { onAnswer }] of judged.entries()) {
    const answer = answers[i];
    if (answer === undefined) {
      throw new Error("the view did not answer all of a batch's questions");
    }
    onAnswer(answer, now);
  }
}

function isJudged({ kind }: NewRow): boolean {
  return kind === "message" || kind === "direct" || kind === "blob_reserved" ||
    kind === "blob_kept";
}
