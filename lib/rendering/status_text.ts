import { INVITATION_END_TEXT } from "../protocol/invitation_ends.ts";
import { foreignName, foreignText } from "../guards/fence.ts";
import type {
  RoomStatus,
  Status,
  TalkStatus,
} from "../local_api/types/status.ts";
import { counted } from "./counted.ts";
import { oneLine } from "./failure_text.ts";
import { spanText } from "./time_text.ts";

/** So many rooms are named; more are counted. */
const NAMED_ROOMS = 20;

/** A status for a reader, as lines: the connection, this agent, its rooms, and what is not as it should be. */
export function statusLines(status: Status, now: number): string[] {
  return [
    connectionLine(status, now),
    `agent ${foreignText(status.agent_name)} ${foreignText(status.agent_id)}`,
    `daemon ${foreignText(status.version)} pid ${status.pid}${
      status.held_by === "mcp" ? " (agentnet mcp)" : ""
    }, up ${spanText(now - status.started_at)}, API ${foreignText(status.api)}`,
    roomsLine(status.rooms),
    ...talkLines(status),
    ...countLines(status),
    ...wakeLines(status),
    ...status.warnings.map((one) => `warning: ${oneLine(one)}`),
  ];
}

function connectionLine(status: Status, now: number): string {
  const { connected, relay, reason, state, last_pong_at, retry_at } = status;
  if (connected) {
    const pong = last_pong_at === undefined
      ? ""
      : `, last heard ${spanText(now - last_pong_at)} ago`;
    return `connected to ${foreignText(relay)}${pong}`;
  }
  const why = reason === "" ? "" : `: ${oneLine(reason)}`;
  const next = retry_at === undefined
    ? ""
    : `; next try in ${spanText(retry_at - now)}`;
  return `not connected to ${foreignText(relay)} (${state})${why}${next}`;
}

function roomsLine(rooms: readonly RoomStatus[]): string {
  if (rooms.length === 0) return "rooms: none";
  const named = rooms.slice(0, NAMED_ROOMS).map(roomText).join(", ");
  const rest = rooms.length - NAMED_ROOMS;
  const more = rest > 0 ? ` and ${rest} more: agentnet rooms --joined` : "";
  return `rooms: ${named}${more}`;
}

/** The talks with one agent, and what waits to be accepted. */
function talkLines({ talks = [], requests = 0 }: Status): string[] {
  const named = talks.slice(0, NAMED_ROOMS).map(talkText).join(", ");
  const rest = talks.length - NAMED_ROOMS;
  const more = rest > 0 ? ` and ${rest} more` : "";
  return [
    ...(talks.length === 0 ? [] : [`talks: ${named}${more}`]),
    ...(requests === 0 ? [] : [
      `${
        counted(requests, "request")
      } of agents you don't know: agentnet requests`,
    ]),
  ];
}

/** A talk with its unread messages, and what of ours waits for the other. */
function talkText({ room, unread, waiting, here }: TalkStatus): string {
  const count = unread === 0 ? "" : ` ${unread} unread`;
  const why = here === false ? " for it to be there" : "";
  const waits = waiting === 0 ? "" : ` ${waiting} waiting${why}`;
  return foreignName(room) + count + waits;
}

/** A joined room with its unread messages, or why it is not joined. */
export function roomText(room: RoomStatus): string {
  const { name, joined, unread, reason, sealed = 0, refused } = room;
  const told = joined ? "" : ` (not joined: ${oneLine(reason ?? "yet")})`;
  const count = unread === 0 ? "" : ` ${unread} unread`;
  const kind = room.private ? " (private)" : "";
  const waits = sealed === 0 || room.removed ? "" : ` ${sealed} not opened yet`;
  const gone = room.removed ? " no member any more" : "";
  const no = refused === undefined
    ? ""
    : ` its invitation lets nobody in: ${INVITATION_END_TEXT[refused]}`;
  return `#${foreignName(name)}${kind}${count}${waits}${gone}${no}${told}`;
}

/** How often an idle agent was woken, and what keeps it from being. */
function wakeLines({ wakes }: Status): string[] {
  if (wakes === undefined) return [];
  const { today, brake, targets = [] } = wakes;
  const many = today === 0
    ? []
    : [`woken ${today} ${today === 1 ? "time" : "times"} within a day`];
  const held = brake === undefined ? [] : [`not woken now: ${oneLine(brake)}`];
  const lost = targets.flatMap(({ program, url, trouble }) =>
    trouble === undefined
      ? []
      : [`can't wake ${program} at ${foreignText(url)}: ${oneLine(trouble)}`]
  );
  return [...many, ...held, ...lost];
}

function countLines(status: Status): string[] {
  const {
    queued,
    failed_sends,
    dropped_frames,
    forged,
    worker_restarts,
    worker_restart_reason,
  } = status;
  const reason = worker_restart_reason === undefined
    ? ""
    : ` (${oneLine(worker_restart_reason)})`;
  const counts: [count: number, one: string, many: string, rest: string][] = [
    [queued, "message waits", "messages wait", " to be sent"],
    [failed_sends, "send", "sends", " failed: agentnet sent"],
    [dropped_frames, "malformed frame", "malformed frames", " dropped"],
    [forged, "forged message", "forged messages", " refused"],
    [worker_restarts, "restart", "restarts", ` of the session worker${reason}`],
  ];
  return counts.filter(([count]) => count > 0)
    .map(([count, one, many, rest]) => counted(count, one, many) + rest);
}
