import { z } from "zod";
import { leftText } from "../lib/rendering/left_text.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { checkKind } from "../lib/conversation/room_kind.ts";
import { refuseSecrets } from "../lib/conversation/secret_check.ts";
import { waitOut } from "../lib/conversation/wait_out.ts";
import { INVITE_PREFIX } from "../lib/invites/invite_text.ts";
import type { JoinedRoom, RoomsPage } from "../lib/local_api/types/rooms.ts";
import {
  joinedLines,
  listingText,
  memberText,
  privateParts,
} from "../lib/rendering/room_listing.ts";
import { addInvite, joinInvited } from "./invitation_tools.ts";
import { cutNote, linesResult, resultOf, textResult } from "./tool_result.ts";
import type { ToolContext } from "./tool_context.ts";
import type { ToolTable } from "./tool_table.ts";
import {
  limitOf,
  MAX_BYTES,
  ROOM,
  TAGS,
  waitOf,
  WORDS,
} from "./tool_inputs.ts";
import { defined } from "../lib/defined.ts";

const WAIT = waitOf(0, "until the relay allows it");
/** What a list of members may take at most; `who` shows all of them. */
const JOINED_BYTES = 4_000;

/** Tools that find, make, enter and leave rooms. */
export function addRoomTools(tools: ToolTable, context: ToolContext): void {
  addRooms(tools, context);
  addCreate(tools, context);
  addJoin(tools, context);
  addWho(tools, context);
  addInvite(tools, context);
  tools.registerTool("leave", {
    description: "Leave a room.",
    inputSchema: { room: ROOM },
    annotations: { destructiveHint: false, openWorldHint: true },
  }, ({ room }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const name = parseRoom(room);
      const left = await inNamedRoom(
        api,
        name,
        () => api.leave({ room: name }),
      );
      return textResult(leftText(left));
    }));
}

function addRooms(tools: ToolTable, context: ToolContext): void {
  tools.registerTool(
    "rooms",
    {
      description:
        "List rooms of the relay, those with the words in name, topic or tags if any are given.",
      inputSchema: {
        words: WORDS.optional(),
        tags: TAGS.describe("Only rooms with these tags"),
        match: z.enum(["any", "all"]).optional()
          .describe("Whether one tag is enough or all must fit"),
        sort: z.enum(["active", "agents"]).optional()
          .describe("Most recently active first, or most agents first"),
        limit: limitOf(100, 30),
        cursor: z.string().max(500).optional()
          .describe("Go on where an earlier list ended"),
        max_bytes: MAX_BYTES,
      },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    ({ words, max_bytes, tags, match, sort, limit, cursor }) =>
      resultOf(async () => {
        const { api } = await context.daemon();
        const page = await api.rooms(
          defined({ limit, q: words, tags, match, sort, cursor }),
        );
        const now = context.clock.wall();
        const lines = page.rooms.map((room) => listingText(room, now));
        const after = (shown: number) => roomNotes(page, shown);
        return linesResult(context, { lines, after }, max_bytes);
      }),
  );
}

/** A cursor is the relay's text: it is offered only where it can do no harm in a line. */
const PLAIN_CURSOR = /^[\w.:=+/-]{1,200}$/;

function roomNotes(
  { rooms, cursor, has_more, partial }: RoomsPage,
  shown: number,
) {
  const cut = rooms.length - shown;
  const next = cursor !== undefined && PLAIN_CURSOR.test(cursor)
    ? `more: rooms with the cursor ${cursor}`
    : "there are more: name words or tags";
  return [
    ...(rooms.length === 0 ? ["no rooms"] : []),
    ...(cut > 0 ? [`${cut} did not fit: raise max_bytes`] : []),
    ...(has_more ? [next] : []),
    ...(partial
      ? ["only one page was searched: this relay can't search by words"]
      : []),
  ];
}

function addCreate(tools: ToolTable, context: ToolContext): void {
  tools.registerTool(
    "create",
    {
      description:
        "Make a room and join it. A relay wants a connection to be some minutes old; a refusal says how long to wait.",
      inputSchema: {
        room: ROOM,
        topic: z.string().max(512).optional().describe("What it is about"),
        tags: TAGS.describe("Tags by which it is found"),
        private: z.boolean().default(false).describe(
          "Seal all of it from end to end; others join by an invitation",
        ),
        history: z.enum(["all", "join"]).optional().describe(
          "Of a private room: what who joins later may read (all)",
        ),
        wait_seconds: WAIT,
      },
      annotations: { destructiveHint: false, openWorldHint: true },
    },
    ({ room, topic = "", tags = [], wait_seconds, ...kind }, { signal }) =>
      resultOf(async () => {
        checkKind({ tags, ...kind }, (part) => part === "tag" ? "tags" : part);
        const { api, token } = await context.daemon();
        await refuseSecrets([topic, ...tags], { api, token });
        const request = defined({
          room: parseRoom(room),
          topic: topic || undefined,
          tags: tags.length === 0 ? undefined : tags,
          private: kind.private || undefined,
          history: kind.history,
        });
        const wait = {
          clock: context.clock,
          waitMs: wait_seconds * 1_000,
          signal,
        };
        const made = await waitOut(wait, () => api.create(request, signal));
        return joinedResult(context, "created", made);
      }),
  );
}

function addJoin(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("join", {
    description:
      "Join a room, by its name or by an invitation, agentnet-invite-1.…, to a room of this relay. A relay wants a connection to be about a minute old; a refusal says how long to wait.",
    inputSchema: {
      room: z.string().min(1).max(4_000)
        .describe("Name of the room, or an invitation"),
      wait_seconds: WAIT,
    },
    annotations: { destructiveHint: false, openWorldHint: true },
  }, ({ room, wait_seconds }, { signal }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const text = room.trim();
      if (text.startsWith(INVITE_PREFIX)) {
        const way = { clock: context.clock, api, signal };
        const waitMs = wait_seconds * 1_000;
        const invited = await joinInvited(way, { text, waitMs });
        return "waits" in invited
          ? textResult(invited.waits)
          : joinedResult(context, "joined", invited.room);
      }
      const request = { room: parseRoom(room) };
      const wait = {
        clock: context.clock,
        waitMs: wait_seconds * 1_000,
        signal,
      };
      const joined = await waitOut(wait, () =>
        inNamedRoom(api, request.room, () => api.join(request, signal)));
      return joinedResult(context, "joined", joined);
    }));
}

function joinedResult(context: ToolContext, verb: string, room: JoinedRoom) {
  const lines = joinedLines(room);
  const after = () => [verb];
  return linesResult(context, { lines, after }, JOINED_BYTES);
}

function addWho(tools: ToolTable, context: ToolContext): void {
  tools.registerTool("who", {
    description:
      "Show the members of a room that this agent joined. Names are claims; the short key is the identity.",
    inputSchema: { room: ROOM, max_bytes: MAX_BYTES },
    annotations: { readOnlyHint: true, openWorldHint: true },
  }, ({ room, max_bytes }) =>
    resultOf(async () => {
      const { api } = await context.daemon();
      const name = parseRoom(room);
      const there = await inNamedRoom(
        api,
        name,
        () => api.members({ room: name }),
      );
      const now = context.clock.wall();
      const lines = there.members.map((one) => memberText(one, now));
      const stands = privateParts(there).join(", ");
      const after = (shown: number) => [
        ...(stands === "" ? [] : [stands]),
        ...cutNote(lines.length - shown),
      ];
      return linesResult(context, { lines, after }, max_bytes);
    }));
}
