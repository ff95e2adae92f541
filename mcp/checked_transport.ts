import type {
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/sdk/shared/transport";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";
import { readMessage, type Refusal, refusal, RPC_CODE } from "./json_rpc.ts";
import { paramsFault, withoutTask } from "./known_methods.ts";

/** What the SDK puts before the words of an error of its own. */
const SDK_HEAD = /^MCP error -?\d+: /;

/** An answer without what the SDK puts before an error's words. */
function inOwnWords(message: JSONRPCMessage): JSONRPCMessage {
  if (!("error" in message)) return message;
  const { error } = message;
  const words = error.message.replace(SDK_HEAD, "");
  return { ...message, error: { ...error, message: words } };
}

/**
 * A transport that hands on only messages whose form is right, and answers the others itself: the SDK drops what it
 * can't read, and its host would wait for ever.
 */
export class CheckedTransport implements Transport {
  readonly #inner: Transport;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  async start(): Promise<void> {
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (value) => this.#hear(value);
    await this.#inner.start();
  }

  async send(
    message: JSONRPCMessage,
    options?: TransportSendOptions,
  ): Promise<void> {
    await this.#inner.send(inOwnWords(message), options);
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  #hear(value: unknown): void {
    const heard = readMessage(value);
    if ("refusals" in heard) return this.#refuse(heard.refusals);
    const message = withoutTask(heard.message);
    const fault = paramsFault(message);
    if (fault === null) return this.onmessage?.(message);
    // A notification is answered by nothing, right or wrong.
    if (!("id" in message)) return;
    this.#refuse([refusal(message.id, RPC_CODE.params, fault)]);
  }

  #refuse(refusals: readonly Refusal[]): void {
    for (const one of refusals) {
      // The SDK's type has no null for an id, which JSON-RPC asks for.
      this.send(one as JSONRPCMessage).catch((error) => this.onerror?.(error));
    }
  }
}
