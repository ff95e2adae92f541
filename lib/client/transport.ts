/** How a transport ended. */
export interface TransportEnd {
  /** WebSocket close code (RFC 6455 section 7.4); 1006 when there was none. */
  readonly code: number;
  readonly reason: string;
}

/** What a transport calls back. After `ended`, or after its `close` was called, it calls nothing more. */
export interface TransportEvents {
  text(frame: string): void;
  /**
   * A frame that is not text or is over the limit. After "too large" the transport has ended itself and calls
   * nothing more.
   */
  refused(reason: "binary" | "too large"): void;
  /** Frames went by unread, since they came faster than they could be read. */
  overrun(): void;
  ended(end: TransportEnd): void;
}

/** One open line that carries text frames, whatever is beneath it. */
export interface Transport {
  /** Never throws; what is sent after the end is dropped. */
  send(frame: string): void;
  /** Bytes handed over and not yet on the line. */
  readonly bufferedBytes: number;
  /** @param code 1000 or 3000 to 4999, which is all that a WebSocket client may send. */
  close(code?: number, reason?: string): void;
}

/**
 * Opens a transport. Rejects with a `Failure` NOT_CONNECTED when the line can't be opened, and with the signal's
 * reason when it is aborted first.
 */
export type Dial = (
  url: string,
  events: TransportEvents,
  signal: AbortSignal,
) => Promise<Transport>;
