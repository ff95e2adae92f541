import type { Now } from "../events.ts";
import { unreachable } from "../../../lib/protocol/frames.ts";
import type { SeatOp } from "../log/op.ts";
import type { EdgeState } from "./edge_state.ts";

/** Counts what another relay took in, as if it had been taken in here; its nonce is used up here too. */
export function countObserved(
  { limits, nonces }: EdgeState,
  op: SeatOp,
  { mono }: Now,
): void {
  if ("nonce" in op) nonces.note(op.agent, op);
  switch (op.op) {
    case "message":
      limits.message(op.agent, mono);
      limits.roomMessage(op.room, op.agent, mono);
      break;
    case "direct":
      limits.message(op.agent, mono);
      break;
    case "direct_ack":
      limits.directAck(op.agent, mono);
      break;
    case "create":
      limits.countCreate(op, mono);
      break;
    case "join":
      limits.join(op.agent, mono);
      break;
    case "login":
      limits.countLogin(op.agent, mono);
      break;
    case "marks":
      limits.marks(op.agent, mono);
      break;
    case "presence":
      limits.presence(op.agent, mono);
      break;
    case "leave":
    case "drop":
      break;
    default:
      unreachable(op);
  }
}
