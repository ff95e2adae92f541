// @ts-types="@modelcontextprotocol/sdk/types"
import {
  type CallToolResult,
  ListToolsRequestSchema,
  type RequestId,
  type Tool,
  type ToolAnnotations,
} from "@modelcontextprotocol/sdk/types.js";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp";
import { z } from "zod";
import { isRecord, RPC_CODE } from "./json_rpc.ts";
import { RequestError } from "./request_error.ts";
import { readArguments, unknownName } from "./tool_arguments.ts";
import { resultOf } from "./tool_result.ts";
import { publishedSchema } from "./tool_schema.ts";

/** What a tool may know of the request that calls it. */
export interface CallExtra {
  readonly requestId: RequestId;
  /** Aborted when the host takes the call back or goes. */
  readonly signal: AbortSignal;
}

/** A call whose arguments are as they came: the SDK's own schema loses those that are called `__proto__`. */
const CALL = z.object({
  method: z.literal("tools/call"),
  params: z.looseObject({
    name: z.string(),
    arguments: z.custom<Record<string, unknown>>(isRecord).optional(),
  }),
});

interface ToolConfig<Shape extends z.ZodRawShape> {
  readonly description: string;
  readonly annotations: ToolAnnotations;
  /** No arguments without it. */
  readonly inputSchema?: Shape;
}

interface Row {
  readonly tool: Tool;
  readonly call: (
    given: Readonly<Record<string, unknown>>,
    extra: CallExtra,
  ) => Promise<CallToolResult>;
}

/**
 * The tools, and the two requests for them. The SDK's own table drops arguments that it does not know, and publishes
 * every keyword of its checker.
 */
export class ToolTable {
  readonly #rows = new Map<string, Row>();

  registerTool<Shape extends z.ZodRawShape = Record<never, never>>(
    name: string,
    { description, annotations, inputSchema }: ToolConfig<Shape>,
    handler: (
      input: z.output<z.ZodObject<Shape>>,
      extra: CallExtra,
    ) => Promise<CallToolResult>,
  ): void {
    const shape = inputSchema ?? {} as Shape;
    const published = publishedSchema(shape);
    const rules = { tool: name, checked: z.object(shape), published };
    this.#rows.set(name, {
      tool: {
        ...{ name, description, annotations },
        inputSchema: { ...published, properties: { ...published.properties } },
      },
      call: (given, extra) =>
        resultOf(() => handler(readArguments(rules, given), extra)),
    });
  }

  /** Serves the tools; before the server is connected. */
  serve({ server }: McpServer): void {
    server.registerCapabilities({ tools: {} });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [...this.#rows.values()].map(({ tool }) => tool),
    }));
    server.setRequestHandler(
      CALL,
      ({ params }, extra) =>
        this.#row(params.name).call(params.arguments ?? {}, extra),
    );
  }

  /** @throws {RequestError} for a name that no tool has (MCP, "Tools", error handling). */
  #row(name: string): Row {
    const row = this.#rows.get(name);
    if (row !== undefined) return row;
    const { shown, meant } = unknownName(name, [...this.#rows.keys()]);
    const fix = meant === null
      ? "tools/list names them"
      : `did you mean '${meant}'?`;
    throw new RequestError(RPC_CODE.params, `no tool '${shown}'; ${fix}`);
  }
}
