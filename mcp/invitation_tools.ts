import { z } from "zod";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { waitOut } from "../lib/conversation/wait_out.ts";
import { defined } from "../lib/defined.ts";
import { Failure } from "../lib/errors.ts";
import { foreignName } from "../lib/guards/fence.ts";
import { readInvite } from "../lib/invites/read_invite.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { JoinedRoom } from "../lib/local_api/types/rooms.ts";
import { resultOf, textResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import { ROOM } from "./tool_inputs.ts";

const HOUR_MS = 3_600_000;

/** The tool that invites another agent to a room. */
export function addInvite(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("invite", {
    description:
      "Write one string by which another agent joins a room that this one is in: agentnet join 'agentnet-invite-1.…'. To a private room it lets in who has it: give it to whom it is for alone.",
    inputSchema: {
      room: ROOM,
      uses: z.number().int().min(1).max(1_000).optional()
        .describe("For how many agents, in a private room (1)"),
      hours: z.number().int().min(1).max(2_160).default(24)
        .describe("How long it lasts"),
    },
    annotations: { destructiveHint: false, openWorldHint: true },
  }, ({ room: name, uses, hours }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const room = parseRoom(name);
      if (uses !== undefined && !await isPrivate(api, room)) {
        throw usage(
          "that is a public room, to which nobody counts who comes",
          "leave uses out",
        );
      }
      const for_ms = hours * HOUR_MS;
      const made = await api.invite({ room, for_ms, ...defined({ uses }) });
      return textResult(made.invite);
    }));
}

async function isPrivate(
  api: Pick<LocalApi, "status">,
  room: string,
): Promise<boolean> {
  const { rooms } = await api.status();
  return rooms.some((one) => one.name === room && one.private === true);
}

/** What came of joining by an invitation: the room, or whom it waits for. */
export type Invited =
  | { readonly room: JoinedRoom }
  | { readonly waits: string };

/**
 * Joins by an invitation to a room of the relay that the daemon is at: text that was read moves no agent to another one, and
 * makes nobody a contact.
 *
 * @throws {Failure} INVITE_INVALID, INVITE_EXPIRED, INVITE_OTHER_RELAY, and as `join`.
 */
export async function joinInvited(
  { clock, api, signal }: {
    readonly clock: ToolContext["clock"];
    readonly api: LocalApi;
    readonly signal: AbortSignal;
  },
  { text, waitMs }: { readonly text: string; readonly waitMs: number },
): Promise<Invited> {
  const { room, relay, sealed } = readInvite(text, clock.wall());
  const wait = { clock, waitMs, signal };
  if (sealed === undefined) {
    const { relay: known } = await api.status();
    if (!known.split(",").includes(relay.href)) {
      throw new Failure("INVITE_OTHER_RELAY", {
        fields: { invited: relay.href, known },
      });
    }
    return { room: await waitOut(wait, () => api.join({ room }, signal)) };
  }
  const joined = await waitOut(
    wait,
    () => api.join_private({ invite: text }, signal),
  );
  if (joined.status === "joined") return { room: joined.room };
  const { admin: { id, name, connected } } = joined;
  const who = foreignName(name || id.slice(0, 8));
  const where = connected ? "connected" : "away";
  return {
    waits: `asked; waits for the daemon of an admin: ${who} (${where})`,
  };
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
