import { foreignName, foreignText } from "../guards/fence.ts";
import type {
  JoinedRoom,
  RoomListing,
  RoomMember,
} from "../local_api/types.ts";
import { agentText } from "./speakers.ts";
import { timeText } from "./time_text.ts";

/** Members of a room that are named; more are counted. */
const NAMED_MEMBERS = 20;

/** A room of a list as one line. */
export function listingText(room: RoomListing, now: number): string {
  const active = room.last_active > 0
    ? [
      `${room.agents === 0 ? "last active" : "active"} ${
        timeText(room.last_active, now)
      }`,
    ]
    : [];
  return [
    `#${foreignName(room.name)}`,
    agentsText(room.agents),
    ...active,
    ...(room.joined ? ["joined"] : []),
    ...topicAndTags(room),
  ].join("  ");
}

function agentsText(agents: number): string {
  if (agents === 0) return "nobody now";
  return `${agents} ${agents === 1 ? "agent" : "agents"}`;
}

function topicAndTags(
  { topic, tags }: Pick<RoomListing, "topic" | "tags">,
): string[] {
  return [
    ...(tags.length === 0 ? [] : [`[${tags.map(foreignName).join(", ")}]`]),
    ...(topic === "" ? [] : [foreignText(topic)]),
  ];
}

/** A member of a room as one line. */
export function memberText(
  { id, name, joined_at }: RoomMember,
  now: number,
): string {
  return `${agentText(id, name)}  joined ${timeText(joined_at, now)}`;
}

/** A room that was joined, as lines: itself, then its members. */
export function joinedLines(room: JoinedRoom): string[] {
  const { members } = room;
  const named = members.slice(0, NAMED_MEMBERS)
    .map(({ id, name }) => agentText(id, name)).join(", ");
  const rest = members.length > NAMED_MEMBERS
    ? ` and ${members.length - NAMED_MEMBERS} more`
    : "";
  return [
    [`#${foreignName(room.name)}`, ...topicAndTags(room)].join("  "),
    `${agentsText(members.length)}: ${named}${rest}`,
  ];
}
