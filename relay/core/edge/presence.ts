import type {
  MemberPresence,
  Presence,
  RoomPresence,
} from "../../../lib/protocol/presence_frames.ts";
import type { Connection } from "./connection.ts";
import type { Now } from "../events.ts";
import { limited, notIn } from "../refusals.ts";
import { frameText } from "../replies.ts";
import type { Room } from "../rooms/room.ts";
import type { CoreState } from "../state.ts";

/** Keeps what an agent says of itself; one that says it too often is not heard, since nothing answers it. */
export function keepPresence(
  state: CoreState,
  told: { readonly conn: Connection; readonly frame: Presence },
  now: Now,
): void {
  const { conn, frame } = told;
  if (state.limits.presence(conn.agent, now.mono) > 0) return;
  const { wakeable, woken_at } = frame;
  conn.presence = {
    wakeable,
    ...(woken_at === undefined ? {} : { woken_at }),
  };
}

/** Answers `room.presence`: who of a room's members is here, and can be woken (protocol.md section 7). */
export function tellPresence(
  state: CoreState,
  asked: { readonly conn: Connection; readonly frame: RoomPresence },
  now: Now,
): void {
  const { conn, frame } = asked;
  const wait = state.limits.presence(conn.agent, now.mono);
  if (wait > 0) {
    return state.refuse(conn, limited("asked too often in this minute", wait));
  }
  const room = state.rooms.get(frame.room);
  if (!room?.has(conn)) return state.refuse(conn, notIn(room));
  const members = [...connected(room, now), ...gone(state, room, now)];
  state.send(
    conn,
    frameText({ type: "room.presence.result", room: room.name, members }),
  );
}

function* connected(room: Room, now: Now): Generator<MemberPresence> {
  for (const [id, { conn }] of room.members) {
    const last_heard = wallOf(conn.lastHeard, now);
    yield { id, connected: true, last_heard, ...conn.presence };
  }
}

/** Those whose line dropped, as long as they may come back as if never gone. */
function* gone(
  { settings }: CoreState,
  room: Room,
  now: Now,
): Generator<MemberPresence> {
  for (const [id, until] of room.graced) {
    if (id === "" || until < now.mono) continue;
    const last_heard = wallOf(until - settings.roomGraceMs, now);
    yield { id, connected: false, last_heard };
  }
}

/** A monotonic time of this relay as others can read it. */
function wallOf(mono: number, now: Now): number {
  return Math.max(0, Math.round(now.wall - (now.mono - mono)));
}
