// Servers that pass on what they hear and do nothing else, each a process of its own: what a relay is measured beside.
//   deno run --allow-net --allow-env scripts/bench/relay/floors.ts ws|deno|tcp|verify

import type { Buffer } from "node:buffer";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { WebSocketServer } from "ws";
import { decodeAgentFrame } from "../../../lib/protocol/decode_agent_frame.ts";
import { signedBytes } from "../../../lib/protocol/signing.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";

interface Line {
  on(event: "message", listener: (data: Buffer) => void): void;
  send(text: string): void;
}

const FLOORS: Readonly<Record<string, () => void>> = {
  ws: wsFloor,
  deno: denoFloor,
  tcp: tcpFloor,
  verify: verifyFloor,
};

/** npm:ws: a text to each of the others. */
function wsFloor(): void {
  const lines = new Set<Line>();
  const server = createHttpServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (line: Line) => {
    lines.add(line);
    line.on("message", (data) => {
      const text = data.toString();
      for (const other of lines) if (other !== line) other.send(text);
    });
  });
  listen(server as unknown as Server);
}

/** The runtime's own WebSockets: a text to each of the others. */
function denoFloor(): void {
  const lines = new Set<WebSocket>();
  const onListen = ({ port }: { port: number }) => console.log(`port ${port}`);
  Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      // Its readers answer no ping.
      idleTimeout: 0,
    });
    socket.onopen = () => lines.add(socket);
    socket.onmessage = ({ data }) => {
      for (const other of lines) if (other !== socket) other.send(data);
    };
    return response;
  });
}

/** Bytes to each of the others, as they come: no frames at all. */
function tcpFloor(): void {
  const server = createTcpServer();
  const lines = new Set<{ write(bytes: Buffer): void }>();
  server.on("connection", (line) => {
    line.setNoDelay(true);
    lines.add(line);
    line.on("data", (chunk: Buffer) => {
      for (const other of lines) if (other !== line) other.write(chunk);
    });
    line.on("error", () => lines.delete(line));
    line.on("close", () => lines.delete(line));
  });
  listen(server);
}

const ACK =
  '{"type":"message.ack","id":"m1000","seq":1000,"received_at":1764238000000,"others":1}';

/** npm:ws: of two who dial the same path, one hears what the other says once it is decoded and its signature fits. */
function verifyFloor(): void {
  const verifier = new Verifier();
  const pairs = new Map<string, Line[]>();
  const server = createHttpServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (line: Line, request: { url?: string }) => {
    const path = String(request.url);
    const pair = pairs.get(path) ?? [];
    pairs.set(path, pair);
    pair.push(line);
    line.on("message", (data) => {
      const text = String(data);
      const decoded = decodeAgentFrame(text);
      if (!decoded.ok || decoded.frame.type !== "message") return;
      const { from, signature } = decoded.frame;
      if (!verifier.verify(from, signature, signedBytes(decoded.raw))) return;
      for (const other of pair) other.send(other === line ? ACK : text);
    });
  });
  listen(server as unknown as Server);
}

function listen(server: Server): void {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    console.log(`port ${typeof address === "object" ? address?.port : 0}`);
  });
}

FLOORS[Deno.args[0] ?? ""]?.();
