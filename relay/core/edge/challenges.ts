import { encodeBase58 } from "../../../lib/protocol/base58.ts";
import type { Pow } from "../../../lib/protocol/frames.ts";
import { TIMES } from "../../../lib/protocol/limits.ts";
import { checkProof } from "../../../lib/protocol/pow.ts";
import type { Challenge, Connection } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";
import type { Now } from "../events.ts";
import { frameText } from "../replies.ts";

/** Makes a challenge of 32 random bytes and sends it; who keeps it decides whose it is and for what. */
export function challenge(
  state: EdgeState,
  conn: Connection,
  options: { readonly difficulty: number; readonly now: Now },
): Challenge {
  const { difficulty, now } = options;
  const text = encodeBase58(state.randomBytes(32));
  const expires = now.wall + TIMES.challenge;
  state.send(
    conn,
    frameText({ type: "pow.challenge", challenge: text, difficulty, expires }),
  );
  return { text, expires: now.mono + TIMES.challenge };
}

/** Whether the proof answers just this challenge, in time. */
export function answers(
  pow: Pow,
  challenge: Challenge,
  options: { readonly difficulty: number; readonly now: Now },
): boolean {
  return pow.challenge === challenge.text &&
    options.now.mono <= challenge.expires &&
    checkProof(pow, options.difficulty);
}
