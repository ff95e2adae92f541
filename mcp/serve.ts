import type { Transport } from "@modelcontextprotocol/sdk/shared/transport";
import { Failure } from "../lib/errors.ts";
import { CheckedTransport } from "./checked_transport.ts";
import { DeferredReads } from "./deferred_reads.ts";
import { watchMessages } from "./new_messages.ts";
import { mcpServer } from "./server.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { ToolContext } from "./tool_context.ts";

export interface ServeOptions {
  readonly transport: Transport;
  readonly version: string;
  /** Told troubles that no answer can carry. */
  readonly onTrouble: (failure: Failure) => void;
  /** Aborted when the host has gone. */
  readonly signal: AbortSignal;
}

/** Serves one host until the signal is aborted or the host closes the transport. */
export async function serveMcp(
  context: ToolContext,
  { transport, version, onTrouble, signal }: ServeOptions,
): Promise<void> {
  const tell = (error: unknown) => onTrouble(Failure.from(error));
  const reads = new DeferredReads(tell);
  const mcp = mcpServer(context, { version, reads });
  const subscriptions = new Subscriptions(mcp);
  const closed = new AbortController();
  mcp.server.onclose = () => closed.abort();
  const ended = AbortSignal.any([signal, closed.signal]);
  // An answer that nobody is left to have is no trouble.
  mcp.server.onerror = (error) => {
    if (!ended.aborted) tell(error);
  };
  await mcp.connect(reads.watch(new CheckedTransport(transport)));
  await watchMessages(context, {
    onNew: (rooms) => subscriptions.tellNew(rooms),
    onTrouble,
    signal: ended,
  });
  await reads.done();
  await mcp.close();
}
