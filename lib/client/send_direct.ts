import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { RelayFrame } from "../protocol/frames.ts";
import { DIFFICULTY } from "../protocol/limits.ts";
import { postageChallenge } from "../protocol/postage.ts";
import type { ConnectionCore } from "./connection_core.ts";
import type {
  FindProof,
  OutgoingDirect,
  SendOutcome,
} from "./connection_types.ts";
import type { Outgoing } from "./outgoing.ts";
import { prove } from "./proving.ts";
import { orUnknown } from "./send_message.ts";

export interface SendDirectOptions {
  readonly core: ConnectionCore;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  readonly findProof: FindProof;
  readonly limitMs: number;
}

/**
 * `direct`, and where the relay says that postage is due, `direct`  again with it (protocol.md section 7).
 * Rejects where it was refused, or never went.
 */
export async function sendDirect(
  message: OutgoingDirect,
  options: SendDirectOptions,
): Promise<SendOutcome> {
  return await orUnknown(askPaying(message, options));
}

async function askPaying(
  message: OutgoingDirect,
  options: SendDirectOptions,
): Promise<SendOutcome> {
  const { core, outgoing, limitMs, clock, findProof } = options;
  const ask = async (postage?: string): Promise<SendOutcome> => {
    const frame = await core.alive(outgoing.direct(message, postage));
    const { received_at } = await core.ask({
      frame,
      match: (answer: RelayFrame) =>
        answer.type === "message.ack" && answer.id === message.id
          ? answer
          : undefined,
      limitMs,
    });
    return { status: "accepted", received_at, frame_text: frame.text };
  };
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "POSTAGE_DUE") {
      throw error;
    }
    const { id, to } = message;
    const challenge = postageChallenge({ from: outgoing.profile.id, to, id });
    const { proof } = await prove(
      { challenge, difficulty: DIFFICULTY.direct },
      {
        ...{ purpose: "direct", clock, findProof, signal: core.endSignal },
      },
    );
    return await ask(proof);
  }
}
