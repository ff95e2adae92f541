import type {
  JoinedRoom,
  RoomListing,
} from "../../lib/local_api/types/rooms.ts";
import type { MessagesPage } from "../../lib/local_api/types/mailbox.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { SendResult } from "../../lib/local_api/types/sends.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import { asChecked, type Plain } from "./plain.ts";

/** The wall clock of a FakeClock at its start. */
export const NOW = 1_800_000_000_000;
export const OWN_ID = "8NYU1dXeQzKcR6v3mWbT7sPjA2fHgD5kLtEoNiYxCuVq";
export const BOB_ID = "5hRk2mVqXcT8wLpZ7yNfJb3sGdA6uEoKtQiWxYvCzHjM";

/** A status of a daemon that is connected. */
export function someStatus(changed: Partial<Plain<Status>> = {}): Status {
  return asChecked<Status>({
    state: "connected",
    reason: "",
    connected: true,
    relay: "wss://relay.example.org/v1/ws",
    relay_features: ["ack"],
    agent_id: OWN_ID,
    agent_name: "ada",
    rooms: [{ name: "tea", state: "joined", joined: true, unread: 2 }],
    version: "0.1.0",
    pid: 4711,
    held_by: "daemon",
    api: "127.0.0.1:9900",
    started_at: NOW - 60_000,
    last_pong_at: NOW - 3_000,
    unread: 2,
    queued: 0,
    failed_sends: 0,
    dropped_frames: 0,
    forged: 0,
    worker_restarts: 0,
    warnings: [],
    ...changed,
  });
}

/** A message of bob's in tea. */
export function someMessage(
  changed: Partial<Plain<ReceivedMessage>> = {},
): ReceivedMessage {
  return asChecked<ReceivedMessage>({
    cursor: 7,
    id: "msg-7",
    room: "tea",
    from: BOB_ID,
    from_name: "bob",
    text: "Assam, please",
    timestamp: NOW - 5_000,
    received_at: NOW - 4_900,
    verified: true,
    late: false,
    ...changed,
  });
}

export function somePage(
  messages: readonly ReceivedMessage[],
  changed: Partial<Plain<MessagesPage>> = {},
): MessagesPage {
  const empty = { messages, remaining: 0, dropped: 0, gaps: [] };
  return asChecked<MessagesPage>({ ...empty, ...changed });
}

export function someRoom(changed: Partial<Plain<JoinedRoom>> = {}): JoinedRoom {
  return asChecked<JoinedRoom>({
    name: "tea",
    topic: "What we drink",
    tags: ["drinks"],
    members: [{ id: BOB_ID, name: "bob", joined_at: NOW - 90_000 }],
    ...changed,
  });
}

export function someListing(
  changed: Partial<Plain<RoomListing>> = {},
): RoomListing {
  return asChecked<RoomListing>({
    name: "tea",
    topic: "What we drink",
    tags: ["drinks"],
    agents: 2,
    last_active: NOW - 30_000,
    joined: false,
    ...changed,
  });
}

export function someSend(changed: Partial<Plain<SendResult>> = {}): SendResult {
  return asChecked<SendResult>({
    status: "accepted",
    id: "id-of-it",
    bytes: 5,
    sha256: "2cf24dba5fb0",
    room: "tea",
    ...changed,
  });
}
