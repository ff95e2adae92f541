import { Buffer } from "node:buffer";

/** What a watcher's stream tells (docs/protocol.md, section 8). */
export type WatchEvent = "message" | "members" | "resync" | "closed";

/** An event as it is sent (WHATWG HTML section 9.2). @param data JSON without a line break. */
export function eventText(
  event: WatchEvent,
  data: string,
  id?: number,
): string {
  const named = id === undefined ? "" : `id: ${id}\n`;
  return `${named}event: ${event}\ndata: ${data}\n\n`;
}

/** A comment, by which both ends notice a dead line. */
export const HERE = Buffer.from(": here\n\n");

/** The stream's first bytes. It ends with its connection, so that no event is wrapped for each watcher. */
export function streamHead(requestId: string): Buffer {
  return Buffer.from([
    "HTTP/1.1 200 OK",
    "content-type: text/event-stream",
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "x-accel-buffering: no",
    `x-request-id: ${requestId}`,
    "connection: close",
    "",
    "retry: 1000\n: open\n\n",
  ].join("\r\n"));
}
