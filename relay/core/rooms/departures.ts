import type { Now } from "../events.ts";
import type { Membership, Room } from "./room.ts";

/** How long a dropped agent's going is kept back; longer by as much for each further login of the last minute. */
export const MOMENT_MS = 2_000;

interface Departure {
  readonly room: Room;
  readonly agent: string;
  readonly membership: Membership;
  /** Monotonic. */
  readonly until: number;
}

/**
 * Members whose connection dropped and whose going the others were not told of yet: one who is back within a moment
 * was never gone for them. They stand in `room.lingering` meanwhile, and are shown to whoever joins.
 */
export class Departures {
  readonly #waiting = new Set<Departure>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @param logins of the agent in the last minute: one who comes and goes all the time is told of ever later. */
  dropped(room: Room, membership: Membership, logins: number, now: Now): void {
    const agent = membership.seat.agent;
    const until = now.mono + MOMENT_MS * Math.max(1, logins);
    room.lingering.set(agent, membership);
    this.#waiting.add({ room, agent, membership, until });
  }

  /** Those whose moment is over and who are not back. Each is given once. */
  *over(now: Now): Generator<Departure> {
    for (const departure of this.#waiting) {
      const { room, agent, membership, until } = departure;
      const isBack = room.lingering.get(agent) !== membership;
      if (!isBack && room.isOpen && now.mono < until) continue;
      this.#waiting.delete(departure);
      if (isBack || !room.isOpen) continue;
      room.lingering.delete(agent);
      yield departure;
    }
  }
}
