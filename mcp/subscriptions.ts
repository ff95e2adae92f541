import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { foreignName } from "../lib/guards/fence.ts";
import { withSign } from "../lib/guards/room_sign.ts";
import { RPC_CODE } from "./json_rpc.ts";
import { RequestError } from "./request_error.ts";
import { isRoomUri, ROOMS_URI, roomUri } from "./room_resources.ts";

/** Most resources that a host can subscribe to: a relay lets an agent be in 50 rooms. */
const MOST = 200;

/** Which resources the host wants to hear of. It hears of none before it said that it is initialized. */
export class Subscriptions {
  readonly #server: McpServer["server"];
  readonly #wanted = new Set<string>();
  readonly #early = new Set<string>();
  #isInitialized = false;

  /** Before the server is connected. */
  constructor({ server }: McpServer) {
    this.#server = server;
    // The list changes whenever a room is joined in a shell, which nobody tells.
    server.registerCapabilities({
      resources: { subscribe: true, listChanged: false },
    });
    server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
      this.#subscribe(params.uri);
      return {};
    });
    server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
      this.#wanted.delete(params.uri);
      return {};
    });
  }

  /** Tells that messages came: a notification for each subscribed resource, and a log line that every host gets. */
  async tellNew(rooms: readonly string[]): Promise<void> {
    if (!this.#isInitialized) {
      for (const room of rooms) this.#early.add(room);
      return;
    }
    for (const uri of [ROOMS_URI, ...rooms.map(roomUri)]) {
      if (this.#wanted.has(uri)) {
        await this.#server.sendResourceUpdated({ uri });
      }
    }
    const named = rooms.map((room) => withSign(foreignName(room)))
      .join(", ");
    await this.#server.sendLoggingMessage({
      level: "info",
      logger: "agentnet",
      data: `new messages in ${named}: call the tool messages`,
    });
  }

  /** The host said that it is initialized. */
  async initialized(): Promise<void> {
    this.#isInitialized = true;
    const rooms = [...this.#early];
    this.#early.clear();
    if (rooms.length > 0) await this.tellNew(rooms);
  }

  /** @throws {RequestError} for what nobody would ever be told of. */
  #subscribe(uri: string): void {
    if (!isRoomUri(uri)) {
      const known = `${ROOMS_URI} or ${roomUri("ROOM")}`;
      throw new RequestError(
        RPC_CODE.params,
        `no such resource; subscribe to ${known}`,
      );
    }
    if (this.#wanted.size >= MOST && !this.#wanted.has(uri)) {
      throw new RequestError(
        RPC_CODE.params,
        `${MOST} resources are subscribed to, no more are taken; unsubscribe from some`,
      );
    }
    this.#wanted.add(uri);
  }
}
