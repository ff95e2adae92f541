import type { Transport } from "@modelcontextprotocol/sdk/shared/transport";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp";
import { aborted } from "../lib/aborted.ts";
import { defined } from "../lib/defined.ts";
import { Failure } from "../lib/errors.ts";
import { CheckedTransport } from "./checked_transport.ts";
import { DeferredReads } from "./deferred_reads.ts";
import { watchMessages } from "./new_messages.ts";
import { mcpServer } from "./server.ts";
import { Subscriptions } from "./subscriptions.ts";
import type { ToolContext } from "./tool_context.ts";
import { type WakeOptions, wakeWay } from "./wake_ways.ts";
import { tellWakes } from "./wakes.ts";

export interface ServeOptions {
  readonly transport: Transport;
  readonly version: string;
  /** How the host's session is woken; absent where it is not. */
  readonly wakes?: WakeOptions;
  /** Told troubles that no answer can carry. */
  readonly onTrouble: (failure: Failure) => void;
  /** Aborted when the host has gone. */
  readonly signal: AbortSignal;
}

/** Serves one host until the signal is aborted or the host closes the transport. */
export async function serveMcp(
  context: ToolContext,
  { transport, version, wakes, onTrouble, signal }: ServeOptions,
): Promise<void> {
  const tell = (error: unknown) => onTrouble(Failure.from(error));
  const reads = new DeferredReads(tell);
  const mcp = mcpServer(context, { version, reads, ...defined({ wakes }) });
  const subscriptions = new Subscriptions(mcp);
  const initialized = Promise.withResolvers<void>();
  // What it rejects with, the SDK tells.
  mcp.server.oninitialized = () => {
    initialized.resolve();
    return subscriptions.initialized();
  };
  const closed = new AbortController();
  mcp.server.onclose = () => closed.abort();
  const ended = AbortSignal.any([signal, closed.signal]);
  // An answer that nobody is left to have is no trouble.
  mcp.server.onerror = (error) => {
    if (!ended.aborted) tell(error);
  };
  await mcp.connect(reads.watch(new CheckedTransport(transport)));
  const waking = initialized.promise.then(() =>
    wakeSession(context, mcp, { wakes, onTrouble, signal: ended })
  );
  const watching = watchMessages(context, {
    onNew: (rooms) => subscriptions.tellNew(rooms),
    onTrouble,
    signal: ended,
  });
  // Both go on until then; a daemon that one of them waits for may come long after the host has gone.
  await Promise.race([Promise.all([watching, waking]), aborted(ended)]);
  await reads.done();
  await mcp.close();
}

/** Wakes the session of an initialized client as long as it lives, where there is a way to it. */
async function wakeSession(
  context: ToolContext,
  mcp: McpServer,
  { wakes, onTrouble, signal }:
    & { readonly wakes: WakeOptions | undefined }
    & Pick<ServeOptions, "onTrouble" | "signal">,
): Promise<void> {
  if (wakes === undefined || signal.aborted) return;
  const tell = wakeWay(mcp, wakes);
  if (tell === null) return;
  await tellWakes(context, { ...wakes, tell, onTrouble, signal });
}
