import type { DecodeFault } from "../../lib/protocol/decode.ts";
import type {
  ErrorFrame,
  MemberRef,
  RelayFrame,
  RoomSummary,
  WireCode,
} from "../../lib/protocol/frames.ts";
import type { StoredMessage } from "../store/contract.ts";
import type { Room } from "./rooms/room.ts";

/** Why an operation is refused. */
export interface Refusal {
  readonly code: WireCode;
  readonly message: string;
  /** Whole milliseconds; only where time cures it. */
  readonly retryAfterMs?: number;
}

/** A frame as text. */
export function frameText(frame: RelayFrame): string {
  return JSON.stringify(frame);
}

export const PONG = frameText({ type: "pong" });

/** @param ref the id or nonce of the frame that this answers, for those who asked for `ack`. */
export function errorText(refusal: Refusal, ref: string | undefined): string {
  const { code, message, retryAfterMs } = refusal;
  const frame: ErrorFrame = {
    type: "error",
    code,
    message,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
    ...(ref === undefined ? {} : { ref }),
  };
  return frameText(frame);
}

export function faultRefusal(fault: DecodeFault): Refusal {
  return { code: fault.code, message: fault.message };
}

export function roomJoinedText(room: Room): string {
  const shown = [...room.members, ...room.lingering];
  const members = shown.map(([id, { seat, joinedAt }]) => ({
    id,
    name: seat.name,
    joined_at: joinedAt,
  }));
  const { name, topic, tags } = room;
  return frameText({ type: "room.joined", room: name, topic, tags, members });
}

export function memberText(
  type: "room.member_joined" | "room.member_left",
  room: Room,
  agent: MemberRef,
): string {
  return frameText({ type, room: room.name, agent });
}

/** A room as lists show it. */
export function summaryOf(room: Room): RoomSummary {
  return {
    name: room.name,
    topic: room.topic,
    tags: room.tags,
    agents: room.members.size,
    last_active: room.lastActive,
  };
}

/**
 * A message as it goes out: the JSON that came in, with the relay's unsigned fields put before its last brace
 * (protocol.md section 7). The frame is a JSON object with at least one field.
 */
export function deliveredText(message: StoredMessage): string {
  const { frame, from_name, seq, received_at } = message;
  const end = frame.lastIndexOf("}");
  return `${frame.slice(0, end)},"from_name":${
    JSON.stringify(from_name)
  },"seq":${seq},"received_at":${received_at}}`;
}

/** A message to one agent as it goes out: it has no place in a room. */
export function directText(
  { frame, from_name, received_at }: Omit<StoredMessage, "seq">,
): string {
  return deliveredText({ frame, from_name, received_at, seq: 0 });
}

export function historyText(
  room: string,
  page: {
    readonly messages: readonly StoredMessage[];
    readonly has_more: boolean;
  },
): string {
  const messages = page.messages.map(deliveredText).join(",");
  return `{"type":"room.history.result","room":${
    JSON.stringify(room)
  },"messages":[${messages}],"has_more":${page.has_more}}`;
}
