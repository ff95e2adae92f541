import type { Readable } from "node:stream";
// @ts-types="@modelcontextprotocol/sdk/server/stdio"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";

/**
 * The SDK's transport, but for what goes out: written at once, or the send fails. The runtime's own stream takes what
 * it can't write, and the messages in it would count as read.
 */
export class StdioTransport extends StdioServerTransport {
  readonly #write: (text: string) => void;

  /** @param write writes the whole text before it returns, or throws. */
  constructor(stdin: Readable, write: (text: string) => void) {
    super(stdin);
    this.#write = write;
  }

  override send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve) => {
      this.#write(`${JSON.stringify(message)}\n`);
      resolve();
    });
  }
}
