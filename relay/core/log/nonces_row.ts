import { TIMES } from "../../../lib/protocol/limits.ts";
import type { NewRow } from "../effects.ts";
import type { Op } from "./op.ts";

/** The nonces that a batch uses up, but for those of messages, which author and id protect; null where it has none. */
export function noncesRow(ops: readonly Op[]): NewRow | null {
  const nonces = ops.flatMap((op) =>
    "nonce" in op && op.op !== "message"
      ? [{
        agent: op.agent,
        nonce: op.nonce,
        expires_at: op.timestamp + TIMES.timestampPast,
      }]
      : []
  );
  return nonces.length === 0 ? null : { kind: "nonces", nonces };
}
