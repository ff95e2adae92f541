import { CLOSE, type Now } from "../events.ts";
import type { LoginOp } from "../log/op.ts";
import type { Membership } from "./membership.ts";
import type { Origin, RoomsState } from "./rooms_state.ts";
import { Seat } from "./seat.ts";

/** Who is logged in: one seat an agent, at whichever relay it came in last. */
export class Sessions {
  readonly #state: RoomsState;
  readonly #membership: Membership;

  constructor(state: RoomsState, membership: Membership) {
    this.#state = state;
    this.#membership = membership;
  }

  /** An agent logged in at a node; its earlier connection ends, and its rooms hear of that now. */
  login(op: LoginOp, { node, isHere }: Origin, now: Now): void {
    const { sessions, ages, bans, logins, seats, tally } = this.#state;
    const { agent, conn, name, features, address } = op;
    if (bans.has(agent)) {
      if (isHere) seats.ended(conn, BANNED);
      return;
    }
    const earlier = sessions.get(agent);
    if (earlier !== undefined) this.end(earlier, NEWER_LOGIN, now);
    const where = { node, conn, isHere, since: now.mono };
    const seat = new Seat(
      { ...where, agent, name, features, address },
      now.wall,
    );
    sessions.set(agent, seat);
    this.#state.changes?.session(agent);
    ages.arrived(agent, now.mono);
    logins.count(agent, now.mono);
    if (!isHere) return;
    tally.logins++;
    seats.entered(seat);
  }

  /** Its connection is gone. */
  drop(seat: Seat, now: Now): void {
    this.#state.sessions.delete(seat.agent);
    this.#state.changes?.session(seat.agent);
    this.#state.ages.left(seat.agent, now.mono);
    this.#membership.dropped(seat, now);
  }

  /** Ends a seat from this side. */
  end(
    seat: Seat,
    why: { readonly code: number; readonly reason: string },
    now: Now,
  ): void {
    this.drop(seat, now);
    if (seat.isHere) this.#state.seats.ended(seat.conn, why);
  }
}

const NEWER_LOGIN = { code: CLOSE.newerLogin, reason: "newer login" };
const BANNED = { code: CLOSE.policy, reason: "login refused" };
