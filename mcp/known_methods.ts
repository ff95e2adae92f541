// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CallToolRequestSchema,
  CancelledNotificationSchema,
  InitializedNotificationSchema,
  InitializeRequestSchema,
  type JSONRPCNotification,
  type JSONRPCRequest,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";
import { faultWords } from "./fault_words.ts";
import { isReadable, ROOMS_URI, roomUri } from "./room_resources.ts";

/** What the params of each method that this server serves, or hears, have to be. */
const METHODS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ["initialize", InitializeRequestSchema],
  ["ping", PingRequestSchema],
  ["logging/setLevel", SetLevelRequestSchema],
  ["tools/list", ListToolsRequestSchema],
  ["tools/call", CallToolRequestSchema],
  ["resources/list", ListResourcesRequestSchema],
  ["resources/templates/list", ListResourceTemplatesRequestSchema],
  [
    "resources/read",
    ReadResourceRequestSchema.refine(({ params }) => URL.canParse(params.uri), {
      path: ["params", "uri"],
      error: "has to be a URI",
    }).refine(({ params }) => isReadable(params.uri), {
      path: ["params", "uri"],
      error: `has to be ${ROOMS_URI} or ${roomUri("ROOM")}`,
    }),
  ],
  ["resources/subscribe", SubscribeRequestSchema],
  ["resources/unsubscribe", UnsubscribeRequestSchema],
  ["notifications/initialized", InitializedNotificationSchema],
  ["notifications/cancelled", CancelledNotificationSchema],
]);

/**
 * What is wrong with the params of a message, in words for its host; null for nothing, and for a method that is not
 * served, which has an answer of its own. The SDK looks at them too, but would answer with its checker's own text.
 */
export function paramsFault(
  message: JSONRPCRequest | JSONRPCNotification,
): string | null {
  const parsed = METHODS.get(message.method)?.safeParse(message, {
    reportInput: true,
  });
  const issue = parsed?.error?.issues[0];
  if (issue === undefined) return null;
  const [, ...path] = issue.path;
  return faultWords(issue, path.length === 0 ? "params" : path.join("."));
}

/** The message without a call's wish for a task, which a server that has none has to leave aside (MCP 2025-11-25, "Tasks"). */
export function withoutTask(
  message: JSONRPCRequest | JSONRPCNotification,
): JSONRPCRequest | JSONRPCNotification {
  if (message.method !== "tools/call" || !message.params) return message;
  const { task: _, ...params } = message.params;
  return { ...message, params };
}
