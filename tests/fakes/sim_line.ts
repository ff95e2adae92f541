/** What one connection heard of one room since it is in it. */
export interface Stay {
  /** The last seq that was heard; null before the first. */
  last: number | null;
  readonly ids: Set<string>;
}

/** One connection of an agent, as its own side sees it. */
export class SimLine {
  readonly agent: string;
  readonly relay: string;
  readonly conn: number;
  isIn = false;
  isOpen = true;
  challenge: string | null = null;
  readonly stays = new Map<string, Stay>();
  /** Ids in the order in which they were said first over it, by room. */
  readonly said = new Map<string, string[]>();
  /** Nonces of what readers told over it. */
  readonly marks = new Set<string>();
  /** Rooms that it asked to be in, and made where there were none. */
  refused: string | null = null;

  constructor(agent: string, relay: string, conn: number) {
    this.agent = agent;
    this.relay = relay;
    this.conn = conn;
  }
}
