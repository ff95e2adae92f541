import type { StoreAnswer, StoreBatch, StoreRow } from "./contract.ts";
import { isJudged } from "./decisions.ts";
import type { Retention } from "./retention.ts";
import type { RoomRows } from "./room_rows.ts";
import type { View } from "./view.ts";
import type { Writes } from "./writes.ts";

export interface BatchParts {
  /** Absent where there is none: then there are no batches. */
  readonly view: View | undefined;
  readonly rooms: RoomRows;
  readonly writes: Writes;
  readonly retention: Retention;
}

/** Writes batches of a cluster's log into its view, each in the transaction that the caller begins and commits. */
export class BatchWrites {
  readonly #parts: BatchParts;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  /** @throws node:sqlite's errors: the transaction, or the savepoint, must then be rolled back. */
  apply(batch: StoreBatch): StoreAnswer {
    const { view, rooms, writes, retention } = this.#parts;
    if (view === undefined) throw new TypeError("this store is no view");
    const answers: StoreAnswer[] = [];
    for (const row of batch.rows) {
      const answer = writes.apply({ ...row, token: 0 } as StoreRow);
      if (isJudged(row)) answers.push(answer);
    }
    rooms.flush();
    const removed = batch.isTick ? retention.tick(batch.at) : [];
    const checkpoint = view.advance(batch, answers);
    return {
      ...{ kind: "batch_stored", token: batch.token, answers, removed },
      ...(checkpoint === undefined ? {} : { checkpoint }),
    };
  }
}
