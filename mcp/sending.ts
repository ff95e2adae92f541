import type { CallToolResult } from "@modelcontextprotocol/sdk/types";
import { refuseSecrets } from "../lib/conversation/secret_check.ts";
import { Failure } from "../lib/errors.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { SendResult } from "../lib/local_api/types/sends.ts";
import type { MessageText } from "../lib/protocol/message_text.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { keptText, sendText } from "../lib/rendering/sent_text.ts";
import { textResult } from "./tool_result.ts";
import type { Daemon, ToolContext } from "./tool_context.ts";

/** The daemon, for a text that may leave. @throws {Failure} SECRET_HELD_BACK, NO_DAEMON. */
export async function daemonToSend(
  context: ToolContext,
  text: MessageText,
): Promise<Daemon> {
  const daemon = await context.daemon();
  await refuseSecrets([text], daemon);
  return daemon;
}

/** Its API. @throws {Failure} as {@link daemonToSend}. */
export async function apiToSend(
  context: ToolContext,
  text: MessageText,
): Promise<LocalApi> {
  return (await daemonToSend(context, text)).api;
}

/** What became of a send; one of unknown outcome is an error. */
export function sentResult(
  result: SendResult,
  ...notes: readonly string[]
): CallToolResult {
  const kept = result.waits_for === undefined ? [] : [keptText(result)];
  const text = [sendText(result), ...kept, ...notes].join("\n");
  if (result.status !== "unknown") return textResult(text);
  const failure = new Failure("OUTCOME_UNKNOWN", {
    fields: { id: makeVisible(result.id) },
  });
  return {
    ...textResult(`${text}\n${failure.code}: ${failureLine(failure)}`),
    isError: true,
  };
}
