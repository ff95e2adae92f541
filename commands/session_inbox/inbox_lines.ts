import type { InboxPlace } from "./inbox_place.ts";

/**
 * What an inbox of Claude Code takes: one JSON object a line, who speaks and then what is to be told.
 *
 * @param text of our own words.
 * @param id of the message, unique.
 */
export function inboxLines(
  { token }: Pick<InboxPlace, "token">,
  { text, id }: { readonly text: string; readonly id: string },
): string {
  const content =
    `<cross-session-message from-name="agentnet">\n${text}\n</cross-session-message>`;
  const lines = [
    { type: "auth", token },
    {
      ...{ type: "user", msgV: 1, msg_id: id, priority: "next" },
      message: { role: "user", content },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
