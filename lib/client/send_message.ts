import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { Feature } from "../protocol/frames.ts";
import { carriedMessage } from "./carried_message.ts";
import type { ClockSkew } from "./clock_skew.ts";
import type { ConnectionCore } from "./connection_core.ts";
import type { OutgoingMessage, SendOutcome } from "./connection_types.ts";
import type { Outgoing } from "./outgoing.ts";
import { wireRoom } from "./wire_room.ts";

export interface SendMessageOptions {
  readonly core: ConnectionCore;
  readonly outgoing: Outgoing;
  readonly skew: ClockSkew;
  readonly clock: Clock;
  readonly features: ReadonlySet<Feature>;
  readonly limitMs: number;
}

/** Sends a message into a room, with as much of it as the relay passes on. Rejects where it was refused, or never went. */
export async function sendMessage(
  message: OutgoingMessage,
  options: SendMessageOptions,
): Promise<SendOutcome> {
  return await orUnknown(ask(message, options));
}

async function ask(
  message: OutgoingMessage,
  { core, outgoing, skew, clock, features, limitMs }: SendMessageOptions,
): Promise<SendOutcome> {
  const carried = carriedMessage(message, features);
  const room = wireRoom(message.room);
  const frame = await core.alive(outgoing.message({ ...carried, room }));
  const question = { frame, limitMs, room };
  if (!features.has("ack")) {
    return await core.ask<SendOutcome>({
      ...question,
      receipt: { status: "accepted", frame_text: frame.text },
    });
  }
  const askedAt = clock.monotonic();
  const { seq, received_at, others } = await core.ask({
    ...question,
    match: (answer) =>
      answer.type === "message.ack" && answer.id === message.id
        ? answer
        : undefined,
  });
  skew.note(received_at, askedAt);
  return {
    ...{ status: "accepted", seq, received_at, frame_text: frame.text },
    ...(others === undefined ? {} : { others }),
  };
}

/** What was handed over and not answered has no known outcome. */
export async function orUnknown(
  asked: Promise<SendOutcome>,
): Promise<SendOutcome> {
  try {
    return await asked;
  } catch (error) {
    const unknown = error instanceof Failure &&
      error.code === "OUTCOME_UNKNOWN";
    if (unknown) return { status: "unknown" };
    throw error;
  }
}
