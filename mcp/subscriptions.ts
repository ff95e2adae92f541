import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { foreignName } from "../lib/guards/fence.ts";
import { ROOMS_URI, roomUri } from "./room_resources.ts";

/** Most resources that a host can subscribe to: a relay lets an agent be in 50 rooms. */
const MOST = 200;

/** Which resources the host wants to hear of. */
export class Subscriptions {
  readonly #server: McpServer;
  readonly #wanted = new Set<string>();

  /** Before the server is connected. */
  constructor(mcp: McpServer) {
    this.#server = mcp;
    const { server } = mcp;
    server.registerCapabilities({
      resources: { subscribe: true },
      logging: {},
    });
    server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
      if (this.#wanted.size < MOST) this.#wanted.add(params.uri);
      return {};
    });
    server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
      this.#wanted.delete(params.uri);
      return {};
    });
  }

  /** Tells that messages came: a notification for each subscribed resource, and a log line that every host gets. */
  async tellNew(rooms: readonly string[]): Promise<void> {
    const { server } = this.#server;
    for (const uri of [ROOMS_URI, ...rooms.map(roomUri)]) {
      if (this.#wanted.has(uri)) await server.sendResourceUpdated({ uri });
    }
    const named = rooms.map((room) => `#${foreignName(room)}`).join(", ");
    await server.sendLoggingMessage({
      level: "info",
      logger: "agentnet",
      data: `new messages in ${named}: call the tool messages`,
    });
  }
}
