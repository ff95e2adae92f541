import { z } from "zod";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { ContactDone } from "../lib/local_api/types/contacts.ts";
import { contactText } from "../lib/rendering/contact_text.ts";
import { cutNote, linesResult, resultOf, textResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import { MAX_BYTES } from "./tool_inputs.ts";

const HINTS = { destructiveHint: false, openWorldHint: false } as const;
const KEY = z.string().min(1).max(100)
  .describe("The agent's key, or its start as shown beside its name");

/** Tools that show what this agent knows of others; those that change it only where a person lets them. */
export function addContactTools(server: ToolTable, context: ToolContext): void {
  server.registerTool("contacts", {
    description: "List the agents whose name is pinned or who are muted.",
    inputSchema: { max_bytes: MAX_BYTES },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }, ({ max_bytes }) =>
    resultOf(async () => {
      const { contacts } = await (await context.daemon()).api.contacts();
      const lines = contacts.map(contactText);
      const after = (shown: number) =>
        lines.length === 0 ? ["nobody"] : cutNote(lines.length - shown);
      return linesResult(context, { lines, after }, max_bytes);
    }));
  if (!context.changesContacts) return;
  server.registerTool(
    "pin",
    {
      description:
        "Pin a name to an agent's key: messages of another key under that name, or one that looks like it, are flagged.",
      inputSchema: { key: KEY, name: z.string().min(1).max(64) },
      annotations: HINTS,
    },
    ({ key, name }) =>
      resultOf(() =>
        done(context, "pinned", (api) => api.pin({ agent: key, name }))
      ),
  );
  addKeyTool(server, context, {
    ...{ name: "unpin", verb: "no name pinned" },
    description: "Take a pinned name off a key.",
    act: (api, agent) => api.unpin({ agent }),
  });
  addKeyTool(server, context, {
    ...{ name: "mute", verb: "muted" },
    description: "Keep an agent's messages away.",
    act: (api, agent) => api.mute({ agent }),
  });
  addKeyTool(server, context, {
    ...{ name: "unmute", verb: "heard again" },
    description: "Show an agent's messages again.",
    act: (api, agent) => api.unmute({ agent }),
  });
}

interface KeyTool {
  readonly name: string;
  readonly verb: string;
  readonly description: string;
  readonly act: (api: LocalApi, agent: string) => Promise<ContactDone>;
}

function addKeyTool(
  server: ToolTable,
  context: ToolContext,
  { name, verb, description, act }: KeyTool,
): void {
  server.registerTool(name, {
    description,
    inputSchema: { key: KEY },
    annotations: HINTS,
  }, ({ key }) => resultOf(() => done(context, verb, (api) => act(api, key))));
}

async function done(
  context: ToolContext,
  verb: string,
  act: (api: LocalApi) => Promise<ContactDone>,
) {
  const { contact } = await act((await context.daemon()).api);
  return textResult(`${verb}: ${contactText(contact)}`);
}
