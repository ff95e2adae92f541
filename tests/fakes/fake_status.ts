import type { Status } from "../../lib/local_api/types/status.ts";
import { roomName } from "./plain.ts";

/** How an agent is that is connected, in one room, and was in another. */
export function fakeStatus(): Status {
  return {
    state: "connected",
    reason: "",
    connected: true,
    relay: "wss://relay.example.org/v1/ws",
    relay_features: [],
    agent_id: "A0",
    agent_name: "ada",
    rooms: [
      { name: roomName("tea"), state: "joined", joined: true, unread: 0 },
      {
        ...{ name: roomName("old"), state: "ended", joined: false },
        ...{ unread: 0, reason: "it ended" },
      },
    ],
    ...{ version: "0.1.0", pid: 7 },
    held_by: "daemon",
    api: "http://127.0.0.1:9900",
    started_at: 1,
    unread: 0,
    queued: 0,
    failed_sends: 0,
    dropped_frames: 0,
    forged: 0,
    worker_restarts: 0,
    warnings: [],
  };
}
