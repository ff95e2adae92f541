// @ts-types="./ws_types.ts"
import { WebSocketServer } from "ws";
import { WIRE } from "../../lib/protocol/limits.ts";

/** Pieces in which one message, and one frame, may come: each costs time and memory of its own. */
const PIECES = { maxFragments: 256, maxBufferedChunks: 1_024 } as const;

/** What makes WebSockets of sockets that the HTTP server hands over. */
export function webSocketServer(): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    path: WIRE.path,
    maxPayload: WIRE.agentFrameBytes,
    ...PIECES,
    ...{ perMessageDeflate: false, skipUTF8Validation: false },
    clientTracking: false,
    autoPong: false,
  });
  sockets.on("wsClientError", (_error, socket) => socket.destroy());
  return sockets;
}
