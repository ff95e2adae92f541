// @ts-types="@modelcontextprotocol/sdk/server/mcp"
import {
  type McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/sdk/server/mcp.js";
import type {
  CallToolResult,
  ReadResourceResult,
} from "@modelcontextprotocol/sdk/types";
import { Failure } from "../lib/errors.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { ReceivedMessage } from "../lib/local_api/types/messages.ts";
import type { RoomName } from "../lib/protocol/names.ts";
import { DEFAULT_BYTES } from "../lib/rendering/fit_bytes.ts";
import { roomText } from "../lib/rendering/status_text.ts";
import { orRequestError } from "./request_error.ts";
import { linesResult, messagesResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";

/** The joined rooms. */
export const ROOMS_URI = "agentnet://rooms";
/** Last messages of a room that a resource holds. */
const MESSAGES = 50;

/** What a room is called among resources. */
export function roomUri(room: string): string {
  return `${ROOMS_URI}/${room}`;
}

/** Whether there can be a resource of this address, as it stands in the list. */
export function isRoomUri(uri: string): boolean {
  if (uri === ROOMS_URI) return true;
  const name = uri.slice(ROOMS_URI.length + 1);
  try {
    return uri === roomUri(parseRoom(name));
  } catch (thrown) {
    if (thrown instanceof Failure) return false;
    throw thrown;
  }
}

/** Whether this server reads resources of such an address; which rooms there can be, `parseRoom` says. */
export function isReadable(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { href } = new URL(uri);
  const room = href.slice(ROOMS_URI.length + 1);
  return href === ROOMS_URI || href === roomUri(room) && /^[^/,]+$/.test(room);
}

/** Resources: the joined rooms, and each with its last messages. Reading one marks nothing read. */
export function addRoomResources(
  server: McpServer,
  context: ToolContext,
): void {
  const mimeType = "text/plain";
  server.registerResource("rooms", ROOMS_URI, {
    description: "The rooms that this agent is in, with unread messages",
    mimeType,
  }, ({ href }) =>
    orRequestError(async () => {
      const { rooms } = await (await context.daemon()).api.status();
      const lines = rooms.map(roomText);
      const after = () => rooms.length === 0 ? ["no rooms"] : [];
      return text(href, linesResult(context, { lines, after }, DEFAULT_BYTES));
    }));
  const template = new ResourceTemplate(`${ROOMS_URI}/{room}`, {
    list: () =>
      orRequestError(async () => {
        const { rooms } = await (await context.daemon()).api.status();
        return {
          resources: rooms.map(({ name }) => ({
            ...{ uri: roomUri(name), name: `#${name}`, mimeType },
          })),
        };
      }),
  });
  server.registerResource("room", template, {
    description: "The last messages of a room, inside a fence",
    mimeType,
  }, ({ href }, { room }) =>
    orRequestError(async () => {
      const name = parseRoom(`${room}`);
      const { api } = await context.daemon();
      return text(href, newestThatFit(context, await newest(api, name)));
    }));
}

/** The newest messages of a room in the mailbox, oldest first, read or not. */
async function newest(
  api: Pick<LocalApi, "messages">,
  room: RoomName,
): Promise<readonly ReceivedMessage[]> {
  for (let after = 0;;) {
    const page = await api.messages({ room, after, limit: MESSAGES });
    const last = page.messages.at(-1);
    if (last === undefined || page.remaining === 0) return page.messages;
    // Cursors grow by at least one: this never goes past the last ones.
    after = last.cursor + Math.max(0, page.remaining - MESSAGES);
  }
}

/** The newest of them that fit. */
function newestThatFit(
  context: ToolContext,
  messages: readonly ReceivedMessage[],
): CallToolResult {
  const after = () => messages.length === 0 ? ["no messages"] : [];
  const list = { messages, keep: "newest" as const, after };
  return messagesResult(context, list, DEFAULT_BYTES).result;
}

function text(
  uri: string,
  { content }: CallToolResult,
): ReadResourceResult {
  const texts = content.flatMap((one) => one.type === "text" ? [one.text] : []);
  return {
    contents: [{ uri, mimeType: "text/plain", text: texts.join("\n") }],
  };
}
