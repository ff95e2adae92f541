import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { decodeAgentFrame } from "../../lib/protocol/decode_agent_frame.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";

// Two sockets that dial the same path are a pair: what one sends, the other gets.

interface Line {
  on(event: "message", listener: (data: unknown) => void): void;
  send(text: string): void;
}

const scope = self as unknown as { postMessage(message: unknown): void };
const verifier = new Verifier();
const pairs = new Map<string, Line[]>();

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (socket: Line, request: { url?: string }) => {
  const path = String(request.url);
  const pair = pairs.get(path) ?? [];
  pairs.set(path, [...pair, socket]);
  socket.on("message", (data) => {
    const text = String(data);
    const decoded = decodeAgentFrame(text);
    if (!decoded.ok || decoded.frame.type !== "message") return;
    const { from, signature } = decoded.frame;
    if (!verifier.verify(from, signature, signedBytes(decoded.raw))) return;
    for (const other of pairs.get(path) ?? []) {
      if (other !== socket) other.send(text);
    }
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  scope.postMessage(typeof address === "object" ? address?.port : 0);
});
