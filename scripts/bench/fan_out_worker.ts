import type { Buffer } from "node:buffer";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

// What one socket sends all others get, each by a write of its own.

interface Line {
  on(event: "message", listener: (data: Buffer) => void): void;
  send(text: string): void;
}

const scope = self as unknown as { postMessage(message: unknown): void };
const lines = new Set<Line>();

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on("connection", (line: Line) => {
  lines.add(line);
  line.on("message", (data) => {
    const text = data.toString();
    for (const other of lines) if (other !== line) other.send(text);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  scope.postMessage(typeof address === "object" ? address?.port : 0);
});
