import {
  sandboxed,
  type WorkerLike,
  type WorkerPermissions,
} from "../../lib/sandbox.ts";
import type { FromSpawner, ToSpawner } from "./spawner_messages.ts";
import { programFolder } from "./program_folder.ts";

/**
 * Starts session workers after the keeper has given its network away: Deno lets nobody start a worker that may do
 * more than himself, so a worker that does nothing else keeps those permissions, and reading the program besides,
 * without which it could not load another worker.
 */
export class WorkerSpawner {
  readonly #worker: WorkerLike;
  readonly #children = new Map<number, Child>();
  #lastId = 0;

  constructor(worker: WorkerLike, onFailed: (reason: string) => void) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#heard(data as FromSpawner);
    worker.onmessageerror = () => onFailed("a message could not be read");
    worker.onerror = (event) => {
      event.preventDefault();
      onFailed(event.message);
    };
  }

  /** Starts the thread that keeps these permissions. */
  static open(
    permissions: WorkerPermissions,
    onFailed: (reason: string) => void,
  ): WorkerSpawner {
    const read = [...permissions.read || [], programFolder()];
    const worker = new Worker(
      new URL("./spawner_worker.ts", import.meta.url),
      sandboxed("spawner", { ...permissions, read }),
    );
    return new WorkerSpawner(worker as WorkerLike, onFailed);
  }

  /** Starts a session worker with these permissions, at most the spawner's own. */
  start(permissions: WorkerPermissions): WorkerLike {
    const id = ++this.#lastId;
    const child = new Child((message, transfer) => {
      if (message.type === "terminate") this.#children.delete(id);
      this.#worker.postMessage({ ...message, id }, transfer);
    });
    this.#children.set(id, child);
    this.#tell({ type: "start", id, permissions });
    return child;
  }

  /** Ends the thread and every worker that it started. */
  close(): void {
    this.#children.clear();
    this.#worker.terminate();
  }

  #tell(message: ToSpawner): void {
    this.#worker.postMessage(message, []);
  }

  #heard(message: FromSpawner): void {
    const child = this.#children.get(message.id);
    if (child === undefined) return;
    switch (message.type) {
      case "message":
        return child.onmessage?.(
          new MessageEvent("message", { data: message.message }),
        );
      case "message_error":
        return child.onmessageerror?.(new MessageEvent("messageerror"));
      case "error":
        return child.onerror?.(
          new ErrorEvent("error", { message: message.reason }),
        );
      default:
        return message satisfies never;
    }
  }
}

type ChildOrder =
  | { readonly type: "post"; readonly message: unknown }
  | { readonly type: "terminate" };

/** The keeper's end of a worker that the spawner started. */
class Child implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  onmessageerror: ((event: MessageEvent) => void) | null = null;
  readonly #order: (order: ChildOrder, transfer: Transferable[]) => void;

  constructor(order: (order: ChildOrder, transfer: Transferable[]) => void) {
    this.#order = order;
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.#order({ type: "post", message }, transfer);
  }

  terminate(): void {
    this.#order({ type: "terminate" }, []);
  }
}
