/** One request, past the gate. */
export interface Call {
  readonly query: URLSearchParams;
  /** Parsed JSON; `{}` where there is none. */
  readonly body: unknown;
  /** The bytes of a PUT; null where there are none. */
  readonly content: AsyncIterable<Uint8Array> | null;
  /** The Accept header, empty when absent. */
  readonly accept: string;
  /** Aborted when the caller went away or the daemon stops. */
  readonly signal: AbortSignal;
}

/** One line of a route table. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly answer: (call: Call) => Response | Promise<Response>;
}
