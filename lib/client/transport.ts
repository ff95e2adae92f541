/** How a transport ended. */
export interface TransportEnd {
  /** WebSocket close code (RFC 6455 section 7.4); 1006 when there was none. */
  readonly code: number;
  readonly reason: string;
}

/** What a transport calls back. After `ended` it calls nothing more. */
export interface TransportEvents {
  text(frame: string): void;
  /** A frame that is not text or is over the limit; the transport has ended itself where that is needed. */
  refused(reason: "binary" | "too large"): void;
  ended(end: TransportEnd): void;
}

/** One open line that carries text frames, whatever is beneath it. */
export interface Transport {
  send(frame: string): void;
  /** Bytes handed over and not yet on the line. */
  readonly bufferedBytes: number;
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
