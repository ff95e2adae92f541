import type { Socket } from "node:net";

/** An answer, ready to be written. */
export interface RestAnswer {
  readonly status: number;
  /** A JSON value; ignored where there is `text`. */
  readonly body: unknown;
  /** Another type of content than JSON. */
  readonly text?: {
    readonly type: string;
    readonly content: string | Uint8Array<ArrayBuffer>;
  };
  /** More headers, lower-case names, and others in place of the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of an answer: events of this room, as long as the client stays. */
  readonly watch?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Is called once the answer has left, or its socket has ended. */
  readonly left?: () => void;
}

/** An answer as it goes out. */
export interface RestBytes
  extends Pick<RestAnswer, "status" | "retryAfter" | "left" | "headers"> {
  readonly type: string;
  readonly content: Uint8Array;
  /** In place of an answer: who is to have the connection from here on. */
  readonly takeOver?: (
    socket: Socket,
    requestId: string,
    /** What came behind the request's head. */
    rest: Uint8Array,
  ) => void;
}

/** Of every answer that says nothing else. */
export const JSON_TYPE = "application/json; charset=utf-8";

export function refused(status: number, error: string): RestAnswer {
  return { status, body: { error } };
}
