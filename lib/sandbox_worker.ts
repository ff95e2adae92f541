import { lockDown } from "./sandbox_lockdown.ts";
import { BEAT, BEAT_MS, isSandboxMessage, STOP } from "./sandbox_messages.ts";

/** The part of a worker's global scope that is needed here. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  /** Ends this worker: its keeper starts another. */
  close(): void;
  addEventListener(
    type: "error" | "unhandledrejection",
    listener: (event: Event) => void,
  ): void;
}

/** What a worker does with what its keeper sends. */
export interface WorkerPart {
  /** The first message and its ports, then every further one. */
  message(data: unknown, ports: readonly MessagePort[]): void;
  /** Ends the work; the worker is terminated when it is done, or after a moment. */
  stop(): Promise<void> | void;
  /** The last net: an error that nobody caught. The worker goes on. */
  uncaught(error: unknown): void;
}

/**
 * Joins a worker's entry to its supervision: heartbeat, stop, the last net for errors, and what it gives up. Call it before the
 * first `await` of the module, or messages that came early are lost.
 */
export function serveKeeper(scope: WorkerScope, part: WorkerPart): void {
  lockDown(scope);
  scope.onmessage = (event) => {
    if (isSandboxMessage(event.data, STOP)) return void end(scope, part);
    try {
      part.message(event.data, event.ports);
    } catch (error) {
      part.uncaught(error);
    }
  };
  scope.addEventListener("error", (event) => {
    event.preventDefault();
    part.uncaught((event as ErrorEvent).error);
  });
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    part.uncaught((event as PromiseRejectionEvent).reason);
  });
  scope.postMessage({ type: BEAT });
  setInterval(() => scope.postMessage({ type: BEAT }), BEAT_MS);
}

async function end(scope: WorkerScope, part: WorkerPart): Promise<void> {
  try {
    await part.stop();
  } catch (error) {
    part.uncaught(error);
  }
  scope.postMessage({ type: STOP });
}
