import { createHash } from "node:crypto";
import { encodeBase58 } from "./base58.ts";
import { checkProof } from "./pow.ts";

/** The message that a proof of work is for, and no other. */
export interface Posted {
  readonly from: string;
  readonly to: string;
  readonly id: string;
}

/**
 * What the postage of a message to one who does not know its author is a proof for (protocol.md section 7): it follows
 * from the message, so that a message can wait with it, and is worth nothing for any other.
 */
export function postageChallenge({ from, to, id }: Posted): string {
  const bytes = ["agentnet-direct-1 postage", from, to, id].join("\0");
  return encodeBase58(createHash("sha256").update(bytes, "utf8").digest());
}

/** Whether a message's postage is right. @param bits leading zero bits that the proof must have */
export function isPaid(
  message: Posted & { readonly postage: string },
  bits: number,
): boolean {
  const challenge = postageChallenge(message);
  return checkProof({ challenge, proof: message.postage }, bits);
}
