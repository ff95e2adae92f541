/** What the servers deliver to one who follows the log. */
export type Delivered =
  | {
    readonly kind: "entry";
    /** Its number in the log. */
    readonly position: number;
    /** When the log took it, by its own clock; milliseconds since 1970. */
    readonly at: number;
    /** 1 for the first of this delivery, then one more each: a hole is a loss on the way. */
    readonly order: number;
    readonly bytes: Uint8Array;
  }
  /** Said each second that nothing else is; of so many entries so far. */
  | { readonly kind: "pulse"; readonly order: number }
  /** No more is delivered until it is answered: as much is under way as the servers let be. */
  | { readonly kind: "pause"; readonly goOn: () => void }
  /** The delivery ended on the servers' side. */
  | { readonly kind: "ended"; readonly reason: string };

/** What is at the log's place now is another one. */
export class OtherLog extends Error {}

/** The log, as far as following it goes. */
export interface LogLink {
  /**
   * Has the log delivered from a position on.
   *
   * @returns what ends the delivery.
   * @throws OtherLog; Error when the servers don't begin one.
   */
  deliver(
    from: number,
    heard: (said: Delivered) => void,
  ): Promise<() => void>;
  /** Leaves the server that it is at for another one. */
  move(): void;
}

/** Between two pulses of a delivery, in milliseconds. */
export const PULSE_MS = 1_000;
