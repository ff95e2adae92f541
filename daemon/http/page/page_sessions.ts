import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../lib/clock.ts";

/** How long a link can be used, and how many wait at a time; sessions at a time. */
const TICKET_MS = 2 * 60_000;
const MOST_TICKETS = 8;
const MOST_SESSIONS = 8;
const SECRET_BYTES = 24;

/**
 * A browser that came by a link. Both secrets are asked for: the path keeps the cookie from other ports of this host, to
 * which browsers send it otherwise; the cookie keeps the path, which stands in the browser's history, from being enough.
 */
export interface PageSession {
  readonly path: string;
  readonly cookie: string;
}

/** Who may see the daemon's page: whoever has a link that was not used yet, then the browser that used it. */
export class PageSessions {
  readonly #clock: Clock;
  readonly #randomBytes: (count: number) => Uint8Array;
  /** Ticket → until when (monotonic). */
  readonly #tickets = new Map<string, number>();
  readonly #sessions = new Map<string, PageSession>();

  constructor(
    options: {
      readonly clock: Clock;
      readonly randomBytes: (count: number) => Uint8Array;
    },
  ) {
    this.#clock = options.clock;
    this.#randomBytes = options.randomBytes;
  }

  /** A word that opens the page once, within two minutes. */
  ticket(): string {
    const ticket = this.#secret();
    this.#tickets.set(ticket, this.#clock.monotonic() + TICKET_MS);
    dropOldest(this.#tickets, MOST_TICKETS);
    return ticket;
  }

  /** Takes the ticket. @returns null for one that was used, is too old, or was never given. */
  enter(ticket: string): PageSession | null {
    const until = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (until === undefined || until < this.#clock.monotonic()) return null;
    const session = { path: this.#secret(), cookie: this.#secret() };
    this.#sessions.set(session.path, session);
    dropOldest(this.#sessions, MOST_SESSIONS);
    return session;
  }

  isOpen(path: string, cookie: string): boolean {
    const session = this.#sessions.get(path);
    return session !== undefined && isSame(session.cookie, cookie);
  }

  #secret(): string {
    return this.#randomBytes(SECRET_BYTES).toHex();
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

function isSame(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
