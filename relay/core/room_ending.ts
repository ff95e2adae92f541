import type { Now } from "./events.ts";
import { frameText } from "./replies.ts";
import type { Room } from "./room.ts";
import type { CoreState } from "./state.ts";

/** How rooms end: by the last leave, by nobody coming back, by silence (protocol.md section 6). */
export class RoomEnding {
  readonly #state: CoreState;
  /** Ended rooms that the disk would not forget yet. */
  readonly #unforgotten = new Set<string>();

  constructor(state: CoreState) {
    this.#state = state;
  }

  /** Somebody left by `room.leave`: an empty room that nobody may come back to ends at once. */
  lastLeft(room: Room, now: Now): void {
    if (isDeserted(room, now.mono)) this.#end(room, "the last member left");
  }

  /** Ends rooms whose grace is over and those idle for too long; tries again what the disk refused. */
  sweep(now: Now): void {
    for (const name of this.#unforgotten) this.#forget(name);
    const idleMs = this.#state.settings.roomIdleMs;
    for (const room of [...this.#state.rooms]) {
      if (isDeserted(room, now.mono)) this.#end(room, "nobody came back");
      else if (now.mono - room.touchedAt > idleMs) this.#end(room, "idle");
    }
  }

  /** The operator ends it. */
  close(room: Room): void {
    this.#end(room, "closed by the operator");
  }

  #end(room: Room, reason: string): void {
    const told = [...room.members.values()]
      .filter(({ conn }) => conn.features.has("closed"))
      .map(({ conn }) => conn.id);
    this.#state.broadcast(
      told,
      frameText({ type: "room.closed", room: room.name, reason }),
    );
    this.#state.rooms.end(room);
    this.#forget(room.name);
  }

  #forget(name: string): void {
    this.#unforgotten.delete(name);
    if (this.#state.rooms.isTaken(name)) return;
    this.#state.store({ kind: "room_ended", room: name }, (answer) => {
      if (answer.kind === "failed" && answer.why === "storage") {
        this.#unforgotten.add(name);
      }
    });
  }
}

/** Whether nobody is in the room and nobody may come back as if never gone. */
function isDeserted(room: Room, mono: number): boolean {
  for (const [agent, until] of room.graced) {
    if (until < mono) room.graced.delete(agent);
  }
  return room.members.size === 0 && room.graced.size === 0;
}
