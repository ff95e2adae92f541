import { BEAT, STOP } from "../../lib/sandbox_messages.ts";
import type { WorkerLike } from "../../lib/sandbox.ts";

/** A worker that says what a test makes it say, and remembers what it was told. */
export class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  readonly posted: unknown[] = [];
  isTerminated = false;

  postMessage(message: unknown, _transfer?: Transferable[]): void {
    this.posted.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  beat(): void {
    this.say({ type: BEAT });
  }

  /** Answers that it has ended its work. */
  sayStopped(): void {
    this.say({ type: STOP });
  }

  fail(message: string): void {
    this.onerror?.(new ErrorEvent("error", { message, cancelable: true }));
  }
}
