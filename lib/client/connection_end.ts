import { Failure } from "../errors.ts";
import type { ErrorFrame } from "../protocol/frames.ts";
import type { ConnectionEnd } from "./connection_types.ts";
import { relayText } from "./relay_text.ts";
import type { TransportEnd } from "./transport.ts";

/** Close code by which this project's relay says that the same agent logged in anew. */
const NEWER_LOGIN_CODE = 4001;
/** RFC 6455 section 7.4.1: the peer broke a rule of the other. */
const POLICY_VIOLATION = 1008;

/** What the codes say that servers and those before them close with in passing (IANA's registry of close codes). */
const MEANINGS: ReadonlyMap<number, string> = new Map([
  [1001, "the relay is going away"],
  [1011, "the relay has trouble"],
  [1012, "the relay is starting again"],
  [1013, "the relay has no room for now"],
  [1014, "the server before the relay can't reach it"],
]);

/**
 * Why the other side's end of the line closed.
 *
 * @param stray an `error` that answered nothing of ours and after which nothing more came.
 */
export function closedByPeer(
  end: TransportEnd,
  stray?: ErrorFrame,
): ConnectionEnd {
  const said = relayText([end.reason, stray?.message ?? ""].join(" ").trim());
  if (isNewerLogin(end.code, said)) {
    const reason = `${said || "newer login"} (${end.code})`;
    return { kind: "newer_login", reason };
  }
  if (end.code === POLICY_VIOLATION) {
    const reason = `${said || "closed by the relay"} (${POLICY_VIOLATION})`;
    return { kind: "relay_refused", reason };
  }
  if (stray !== undefined) {
    return { kind: "relay_refused", reason: said || "closed by the relay" };
  }
  return { kind: "lost", reason: lostReason(end.code, said) };
}

function lostReason(code: number, said: string): string {
  const meaning = MEANINGS.get(code);
  if (meaning === undefined) {
    // 1006 is no code that anybody sends: what was said then is the runtime's.
    if (said !== "" && code === 1006) return said;
    return `${said || "the line closed"} (${code})`;
  }
  return said === "" ? `${meaning} (${code})` : `${said}: ${meaning} (${code})`;
}

/** What a login is told whose line was closed. */
export function closedInLogin(end: TransportEnd): Failure {
  const { kind, reason } = closedByPeer(end);
  return kind === "relay_refused"
    ? new Failure("RELAY_REFUSED", { fields: { reason } })
    : notConnected({ kind, reason });
}

/** What an operation is told that finds the connection gone before its frame was handed over. */
export function notConnected(end: ConnectionEnd): Failure {
  return new Failure("NOT_CONNECTED", { fields: { reason: end.reason } });
}

function isNewerLogin(code: number, said: string): boolean {
  return code === NEWER_LOGIN_CODE ||
    !MEANINGS.has(code) && /newer|replaced|another/i.test(said);
}
