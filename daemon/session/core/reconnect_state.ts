import { fullJitter } from "../../../lib/backoff.ts";
import type { ErrorCode } from "../../../lib/errors.ts";
import type { ConnectionEnd } from "../../../lib/client/connection_types.ts";
import type { ConnectionState } from "../../../lib/local_api/types/status.ts";

/** Where the connection stands, as `status` shows it. */
export interface ReconnectState {
  readonly phase: ConnectionState;
  readonly reason: string;
  /** Tries since the last connection that lasted a minute. */
  readonly attempt: number;
  /** Wall clock of the next try, while one is waited for. */
  readonly retryAt?: number;
}

/** What can befall a connection. `wall` and `random` ([0, 1)) come in with what starts a wait. */
export type ReconnectEvent =
  | { readonly type: "dialling" }
  | { readonly type: "proving"; readonly difficulty: number }
  | { readonly type: "connected"; readonly relay: string }
  | { readonly type: "stable" }
  | {
    readonly type: "failed";
    readonly code: ErrorCode;
    readonly reason: string;
    readonly wall: number;
    readonly random: number;
  }
  | {
    readonly type: "ended";
    readonly end: ConnectionEnd;
    readonly wall: number;
    readonly random: number;
  }
  | {
    readonly type: "restarted";
    /** How often the session was started again. */
    readonly restarts: number;
    readonly reason: string;
    readonly wall: number;
    readonly random: number;
  }
  | { readonly type: "stopped" };

/** A connection that lasted so long lets the waits start small again; milliseconds. */
export const STABLE_MS = 60_000;
/** So that two machines with one key don't fight; milliseconds. */
const NEWER_LOGIN_MS = 60_000;

export const STARTING: ReconnectState = {
  phase: "connecting",
  reason: "starting",
  attempt: 0,
};

/** What follows from what befell. Pure. */
export function nextState(
  state: ReconnectState,
  event: ReconnectEvent,
): ReconnectState {
  const { attempt } = state;
  switch (event.type) {
    case "dialling":
      return { phase: "connecting", reason: dialling(state), attempt };
    case "proving": {
      const reason =
        `finding a proof of work of difficulty ${event.difficulty}`;
      return { phase: "proving", reason, attempt };
    }
    case "connected":
      return { phase: "connected", reason: `to ${event.relay}`, attempt };
    case "stable":
      return { ...state, attempt: 0 };
    case "failed":
      return waiting(attempt, {
        phase: event.code === "NOT_CONNECTED" ? "waiting" : "refused",
        ...event,
        waitMs: fullJitter(attempt, event.random),
      });
    case "ended":
      return afterEnd(attempt, event);
    case "restarted":
      return waiting(event.restarts, {
        phase: "waiting",
        ...event,
        waitMs: fullJitter(event.restarts, event.random),
      });
    case "stopped":
      return { phase: "stopped", reason: "stopped", attempt };
  }
}

/** While it dials again, why it must is still of interest. */
function dialling({ phase, reason }: ReconnectState): string {
  return phase === "waiting" || phase === "refused"
    ? `dialling the relay again, after: ${reason}`
    : "dialling the relay";
}

function afterEnd(
  attempt: number,
  event: Extract<ReconnectEvent, { type: "ended" }>,
): ReconnectState {
  const { end, wall, random } = event;
  if (end.kind === "newer_login") {
    const reason =
      "another daemon logged in with this key; waiting a minute so that the two don't fight";
    return waiting(attempt, {
      phase: "waiting",
      reason,
      wall,
      waitMs: NEWER_LOGIN_MS,
    });
  }
  return waiting(attempt, {
    phase: end.kind === "relay_refused" ? "refused" : "waiting",
    reason: end.reason,
    wall,
    waitMs: fullJitter(attempt, random),
  });
}

function waiting(
  attempt: number,
  wait: {
    readonly phase: "waiting" | "refused";
    readonly reason: string;
    readonly wall: number;
    readonly waitMs: number;
  },
): ReconnectState {
  const { phase, reason, wall, waitMs } = wait;
  return { phase, reason, attempt: attempt + 1, retryAt: wall + waitMs };
}
