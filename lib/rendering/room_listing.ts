import { INVITATION_END_TEXT } from "../protocol/invitation_ends.ts";
import { foreignName, foreignText } from "../guards/fence.ts";
import type {
  JoinedRoom,
  RoomListing,
  RoomMember,
} from "../local_api/types/rooms.ts";
import { agentText } from "./agent_text.ts";
import { spanText, timeText } from "./time_text.ts";

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
    ...(room.private ? ["private"] : []),
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
  member: RoomMember,
  now: number,
): string {
  const { id, name, joined_at } = member;
  const who = agentText(id, name);
  const joined = joined_at > 0
    ? `${who}  joined ${timeText(joined_at, now)}`
    : who;
  const rank = member.admin ? ["admin"] : [];
  return [joined, ...rank, ...presenceParts(member, now)].join(", ");
}

const WAKEABLE = {
  yes: "can be woken",
  no: "can't be woken",
  braked: "not woken just now",
} as const;

/** What the relay, and its own program, tell of a member. */
function presenceParts(
  { connected, last_heard, wakeable, name_conflict, two_daemons }: RoomMember,
  now: number,
): string[] {
  const heard = last_heard === undefined
    ? []
    : [`last heard ${spanText(now - last_heard)} ago`];
  return [
    ...(name_conflict === undefined
      ? []
      : [`⚠ not the ${foreignName(name_conflict)} you know`]),
    ...(two_daemons ? ["⚠ two daemons use this key"] : []),
    ...(connected === false ? ["not connected"] : []),
    ...heard,
    ...(wakeable === undefined ? [] : [WAKEABLE[wakeable]]),
  ];
}

/** How a private room stands; nothing of a public one. */
export function privateParts(
  { name, private: view }: Pick<JoinedRoom, "name" | "private">,
): string[] {
  if (view === undefined) return [];
  if (name.startsWith("@")) return ["private: a talk with one agent"];
  const { epoch, behind, member, newer_named_by: namers = [], refused } = view;
  const named = namers.map((id) => id.slice(0, 8)).join(", ");
  return [
    epoch === undefined ? "private, not let in yet" : `private, key ${epoch}`,
    ...(behind
      ? [
        `behind: nothing is sent until a newer key is here that ${named} named`,
      ]
      : []),
    ...(member || epoch === undefined ? [] : ["no member any more"]),
    ...(refused === undefined
      ? []
      : [`its invitation lets nobody in: ${INVITATION_END_TEXT[refused]}`]),
  ];
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
    [
      `#${foreignName(room.name)}`,
      ...privateParts(room),
      ...topicAndTags(room),
    ].join("  "),
    `${agentsText(members.length)}: ${named}${rest}`,
  ];
}
