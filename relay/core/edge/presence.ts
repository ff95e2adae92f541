import type {
  MemberPresence,
  Presence,
  RoomPresence,
} from "../../../lib/protocol/presence_frames.ts";
import type { Now } from "../events.ts";
import { limited, notIn } from "../refusals.ts";
import { frameText } from "../replies.ts";
import type { Room } from "../rooms/room.ts";
import type { Seat } from "../rooms/seat.ts";
import type { Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";

/** Takes what an agent says of itself; one that says it too often is not heard, since nothing answers it. */
export function keepPresence(
  state: EdgeState,
  told: { readonly conn: Connection; readonly frame: Presence },
  now: Now,
): void {
  const { conn, frame } = told;
  if (state.limits.presence(conn.agent, now.mono) > 0) return;
  const { wakeable, woken_at } = frame;
  state.submit(conn, {
    op: "presence",
    conn: conn.id,
    agent: conn.agent,
    wakeable,
    ...(woken_at === undefined ? {} : { woken_at }),
  }, now);
}

/** Answers `room.presence`: who of a room's members is here, and can be woken (protocol.md section 7). */
export function tellPresence(
  state: EdgeState,
  asked: { readonly conn: Connection; readonly frame: RoomPresence },
  now: Now,
): void {
  const { conn, frame } = asked;
  const wait = state.limits.presence(conn.agent, now.mono);
  if (wait > 0) {
    return state.refuse(conn, limited("asked too often in this minute", wait));
  }
  const room = state.rooms.room(frame.room);
  const seat = state.seat(conn);
  if (room === undefined || seat === undefined || !room.has(seat)) {
    return state.refuse(conn, notIn(room));
  }
  const members = [...connected(state, room, now), ...gone(state, room, now)];
  state.send(
    conn,
    frameText({ type: "room.presence.result", room: room.name, members }),
  );
}

function* connected(
  state: EdgeState,
  room: Room,
  now: Now,
): Generator<MemberPresence> {
  for (const [id, { seat }] of room.members) {
    const last_heard = lastHeard(state, seat, now);
    yield { id, connected: true, last_heard, ...seat.presence };
  }
}

/** Of a member at another relay it is known when its last op was applied. */
function lastHeard({ connections }: EdgeState, seat: Seat, now: Now): number {
  const conn = seat.isHere ? connections.get(seat.conn) : undefined;
  return conn === undefined ? seat.heardAt : wallOf(conn.lastHeard, now);
}

/** Those whose line dropped, as long as they may come back as if never gone. */
function* gone(
  state: EdgeState,
  room: Room,
  now: Now,
): Generator<MemberPresence> {
  const time = state.roomTime(now);
  for (const [id, until] of room.graced) {
    if (id === "" || until < time.mono) continue;
    const last_heard = wallOf(until - state.settings.roomGraceMs, time);
    yield { id, connected: false, last_heard };
  }
}

/** A monotonic time as others can read it. */
function wallOf(mono: number, now: Now): number {
  return Math.max(0, Math.round(now.wall - (now.mono - mono)));
}
