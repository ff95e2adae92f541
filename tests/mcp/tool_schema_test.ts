import assert from "node:assert/strict";
import { z } from "zod";
import { publishedSchema } from "../../mcp/tool_schema.ts";

Deno.test("publishedSchema: bounds and defaults stand in the description, and no keyword says them", () => {
  const shape = {
    text: z.string().min(1).max(65_536).describe("A text"),
    limit: z.number().int().min(1).max(500).default(50).describe("Most"),
    after: z.number().int().min(0).optional().describe("Those after"),
    peek: z.boolean().default(false).describe("Leave them"),
    tags: z.array(z.string().max(64)).max(10).optional().describe("Tags"),
    sort: z.enum(["active", "agents"]).optional().describe("Order"),
  };
  assert.deepEqual(publishedSchema(shape), {
    type: "object",
    properties: {
      text: {
        type: "string",
        description: "A text (at most 65536 characters)",
      },
      limit: {
        type: "integer",
        description: "Most (1 to 500; 50 if left out)",
      },
      after: { type: "integer", description: "Those after (0 or more)" },
      peek: { type: "boolean", description: "Leave them" },
      tags: {
        type: "array",
        items: { type: "string" },
        description: "Tags (at most 10; at most 64 characters each)",
      },
      sort: {
        type: "string",
        enum: ["active", "agents"],
        description: "Order",
      },
    },
    required: ["text"],
  });
  assert.deepEqual(publishedSchema({}), { type: "object", properties: {} });
});
