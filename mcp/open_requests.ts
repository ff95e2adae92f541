import type {
  JSONRPCMessage,
  RequestId,
} from "@modelcontextprotocol/sdk/types";
import { isRecord, type Refusal, requestId } from "./json_rpc.ts";

/** Requests that were heard and not answered yet. */
export class OpenRequests {
  readonly #open = new Set<RequestId>();
  readonly #none: (() => void)[] = [];

  /** Notes a value from the host, if it is a request whose id an answer can carry. */
  heard(value: unknown): void {
    if (!isRecord(value) || !("method" in value)) return;
    const id = requestId(value);
    if (id !== null) this.#open.add(id);
    if (value["method"] === "notifications/cancelled") this.#cancelled(value);
  }

  /** Notes what went to the host. */
  sent(message: JSONRPCMessage | Refusal): void {
    if (!("method" in message)) this.#close(message.id);
  }

  /** A request that was taken back gets no answer. */
  #cancelled({ params }: Record<string, unknown>): void {
    if (isRecord(params)) this.#close(params["requestId"]);
  }

  #close(id: unknown): void {
    this.#open.delete(id as RequestId);
    if (this.#open.size > 0) return;
    for (const tell of this.#none.splice(0)) tell();
  }

  /** Waits until there is none. */
  none(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#none.push(resolve));
  }
}
