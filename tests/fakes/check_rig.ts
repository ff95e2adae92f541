import { Verifier } from "../../lib/protocol/verifying.ts";
import type { CheckJob } from "../../relay/checks/check_messages.ts";
import { checkMemberFrame } from "../../relay/checks/member_frame.ts";
import type { CheckPort } from "../../relay/shell/checks/check_lane.ts";
import { CheckPool } from "../../relay/shell/checks/check_pool.ts";

/** A worker for checks that answers when it is told to. */
export class FakeChecker implements CheckPort {
  onmessage: ((event: MessageEvent) => void) | null = null;
  isClosed = false;
  readonly batches: (readonly CheckJob[])[] = [];
  readonly #verifier = new Verifier();

  postMessage(message: unknown): void {
    this.batches.push(message as readonly CheckJob[]);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Answers its oldest batch, as a worker does. */
  answer(): void {
    const batch = this.batches.shift();
    const data = batch?.map(({ agent, text }) => ({
      checked: checkMemberFrame(text, agent, this.#verifier),
      ms: 1,
    }));
    if (data !== undefined) this.onmessage?.({ data } as MessageEvent);
  }
}

/** A pool on a clock turned by hand, with as much work as one thread has time for. */
export class PoolRig {
  now = 0;
  readonly wanted: boolean[] = [];
  readonly pool = new CheckPool({
    want: (isWanted) => this.wanted.push(isWanted),
    now: () => this.now,
  });

  /** Lets time pass in which frames took all of it, so that workers are wanted. */
  rush(): void {
    for (let i = 0; i < 3; i++) {
      this.now += 100;
      this.pool.mayTake(this.now);
    }
  }
}
