import type { Marks } from "../../../lib/protocol/marks_frames.ts";
import type { Now } from "../events.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";

/**
 * Takes what a reader tells authors (protocol.md section 15). Nothing answers it: what is not passed on is not known, as
 * everything that was not told.
 */
export function takeMarks(
  state: EdgeState,
  told: {
    readonly conn: Connection;
    readonly frame: Marks;
    readonly text: string;
  },
  now: Now,
): void {
  const { conn, frame, text } = told;
  const { nonces, limits } = state;
  if (frame.from !== conn.agent) return;
  if (nonces.check(conn.agent, frame, now.wall) !== null) return;
  if (limits.marks(conn.agent, now.mono) > 0) return;
  nonces.note(conn.agent, frame);
  state.submit(conn, {
    op: "marks",
    room: frame.room,
    frame: text,
    to: frame.marks.map(({ author }) => author),
    conn: conn.id,
    agent: conn.agent,
    nonce: frame.nonce,
    timestamp: frame.timestamp,
  }, now);
}
