/** Hears what changes of that which no row holds, so that a relay which starts again knows it. */
export interface Changes {
  /** An agent's seat in a room, or its right to come back. */
  seat(room: string, agent: string): void;
  /** Who is logged in, and what it says of itself. */
  session(agent: string): void;
  /** When somebody came to a room last, and since when it is empty. */
  room(name: string): void;
  ban(agent: string): void;
  /** A room is no more, nor is what stands of these agents in it. */
  ended(room: string, agents: readonly string[]): void;
}
