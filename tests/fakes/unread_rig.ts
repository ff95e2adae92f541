import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { someMessage, somePage } from "./api_values.ts";
import { CliRig } from "./cli_rig.ts";

/** A daemon with these unread messages. */
export function rigOf(
  messages: readonly ReceivedMessage[],
  changed: Parameters<typeof somePage>[1] = {},
): CliRig {
  return new CliRig({
    "GET messages": () => somePage(messages, changed),
    "POST read": () => ({ status: "ok" }),
  });
}

/** Messages with these texts, cursors from 1. */
export function texts(...list: string[]): ReceivedMessage[] {
  return list.map((text, i) =>
    someMessage({ cursor: i + 1, id: `id-${i + 1}`, text })
  );
}

const bodies = (rig: CliRig) =>
  rig.calls.filter((call) => call.route === "POST read")
    .map((call) => call.body as { shown?: readonly number[] });

/** The marks that were set. */
export const reads = (rig: CliRig) =>
  bodies(rig).map(({ shown: _, ...mark }) => mark);

/** What each of them says was shown. */
export const shownOf = (rig: CliRig) => bodies(rig).map(({ shown }) => shown);
