import { Failure } from "../errors.ts";
import type { ErrorFrame } from "../protocol/frames.ts";
import type { ConnectionEnd } from "./connection_types.ts";
import { relayText } from "./relay_text.ts";
import type { TransportEnd } from "./transport.ts";

/** Close code by which this project's relay says that the same agent logged in anew. */
export const NEWER_LOGIN_CODE = 4001;
/** RFC 6455 section 7.4.1: the peer broke a rule of the other. */
const POLICY_VIOLATION = 1008;

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
    return { kind: "newer_login", reason: said || "newer login" };
  }
  if (end.code === POLICY_VIOLATION || stray !== undefined) {
    return { kind: "relay_refused", reason: said || "closed by the relay" };
  }
  return { kind: "lost", reason: said || `the line closed (${end.code})` };
}

/** What an operation is told that finds the connection gone before its frame was handed over. */
export function notConnected(end: ConnectionEnd): Failure {
  return new Failure("NOT_CONNECTED", { fields: { reason: end.reason } });
}

function isNewerLogin(code: number, said: string): boolean {
  return code === NEWER_LOGIN_CODE || /newer|replaced|another/i.test(said);
}
