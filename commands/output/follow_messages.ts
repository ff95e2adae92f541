import { EXIT, type ExitCode } from "../../lib/errors.ts";
import { visibleJson } from "../../lib/guards/visible.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { MessagesQuery } from "../../lib/local_api/types/mailbox.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { markShown } from "../../lib/conversation/mark_shown.ts";
import { keepsUnread, type MessagesFlags } from "../cli/messages_flags.ts";
import { MessageLines } from "../../lib/rendering/message_lines.ts";
import { streamList } from "../../lib/rendering/message_list.ts";
import { newFence } from "../../lib/rendering/render_context.ts";
import { fitted } from "./bounded.ts";
import { defined } from "../../lib/defined.ts";
import { note } from "./answer.ts";
import { ToldLosses } from "./told_losses.ts";

/** How long one request waits before it is asked again, in milliseconds. */
const POLL_MS = 300_000;

/**
 * Shows unread messages and then each as it comes, until SIGINT, SIGTERM, or nobody reads any more: never more
 * than the usual bound at once, long texts cut. As JSON each message is a line of its own, and whole.
 */
export async function followMessages(
  context: CliContext,
  flags: MessagesFlags,
  { api, query }: { api: LocalApi; query: MessagesQuery },
): Promise<ExitCode> {
  const stop = new AbortController();
  const quiet = (["SIGINT", "SIGTERM"] as const).map((signal) =>
    context.onSignal(signal, () => stop.abort())
  );
  const fence = flags.json || flags.raw ? null : newFence(context);
  if (fence) context.stdout.write(`${fence.open}\n`);
  try {
    await showAll(context, flags, { api, query, signal: stop.signal });
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
  } finally {
    for (const off of quiet) off();
  }
  if (fence) context.stdout.write(`${fence.close}\n`);
  return EXIT.done;
}

interface Stream {
  readonly api: LocalApi;
  readonly query: MessagesQuery;
  readonly signal: AbortSignal;
}

async function showAll(
  context: CliContext,
  flags: MessagesFlags,
  { api, query, signal }: Stream,
): Promise<void> {
  let next: MessagesQuery = query;
  // Beside the messages: a stream of them has no end at which to note it.
  const losses = new ToldLosses();
  const lines = new MessageLines(context.clock.wall());
  while (!signal.aborted) {
    const wait = { wait_ms: POLL_MS };
    const page = await api.messages({ ...next, ...wait }, signal);
    for (const one of losses.news(page)) note(context, one);
    if (page.messages.length === 0) continue;
    const shown = write(context, flags, { lines, messages: page.messages });
    const messages = page.messages.slice(0, shown);
    if (!keepsUnread(flags)) {
      await markShown(api, query, { ...page, messages });
    }
    const last = messages.at(-1)?.cursor;
    next = { ...query, ...defined({ after: last }) };
  }
}

interface Batch {
  readonly lines: MessageLines;
  readonly messages: readonly ReceivedMessage[];
}

/** @returns how many were written, oldest first; at least one. */
function write(
  context: CliContext,
  { json, raw = false }: MessagesFlags,
  { lines, messages }: Batch,
): number {
  if (json) {
    const all = messages.map((one) => `${visibleJson(one)}\n`);
    context.stdout.write(all.join(""));
    return messages.length;
  }
  const { text, shown } = fitted(streamList(lines, { messages, raw }), {});
  context.stdout.write(text);
  lines.of(messages.slice(0, shown), { texts: [] });
  return shown;
}
