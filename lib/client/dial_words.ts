/** What was dialled. */
export interface DialRoute {
  /** The relay's address, ws:// or wss://. */
  readonly url: string;
  /** host:port of the proxy on the way, if there is one. */
  readonly proxy?: string | undefined;
}

/** Why a dial failed, its hint within, and what to do next. */
export interface DialWords {
  readonly reason: string;
  readonly fix?: string;
}
