import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { SendOutcome } from "../../../lib/client/connection_types.ts";
import type { Reconnect } from "../reconnect.ts";
import type { RelayConnection } from "../session_options.ts";
import { outgoing } from "./outgoing_message.ts";
import type { OwnMessages } from "./own_messages.ts";
import { SealedSends, type SealedSendsOptions } from "./sealed_sends.ts";
import type { SendOutcomes } from "./send_outcomes.ts";
import type { Entry, SendQueue } from "./send_queue.ts";
import type { SendWay } from "./send_way.ts";

export interface SendAttemptsOptions
  extends Omit<SealedSendsOptions, "outcomes"> {
  readonly queue: SendQueue;
  readonly outcomes: SendOutcomes;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly way: Pick<SendWay, "handOver">;
  readonly own: Pick<OwnMessages, "others">;
  readonly clock: Clock;
  /** The relay does not have us in the room after all. */
  readonly outside: (room: string) => void;
}

/** From an unknown outcome to the repetition on a relay with `ack`; milliseconds. */
const REPEAT_MS = 5_000;

/** One try after the other to bring a message to the relay: sealed, written down, handed over, and what came of it. */
export class SendAttempts {
  readonly #options: SendAttemptsOptions;
  readonly #sealing: SealedSends;

  constructor(options: SendAttemptsOptions) {
    this.#options = options;
    this.#sealing = new SealedSends(options);
  }

  /** @returns false when those behind it in its room must wait */
  async make(entry: Entry): Promise<boolean> {
    const { reconnect: { connection }, queue, outcomes, way } = this.#options;
    if (connection === undefined) return false;
    const text = await this.#sealing.textOf(entry);
    if (text === null) return false;
    const sealed = text === entry.send.text ? undefined : text;
    // Written before it goes out: after a kill its outcome is unknown, not "kept"; and what is repeated is the same.
    if (entry.onFile !== "unknown" || sealed !== entry.send.sealed) {
      const fate = { status: "unknown", ...defined({ sealed }) } as const;
      const isWritten = queue.write(entry, fate);
      // A daemon that were killed now would send it again, which only a relay with `ack` can take.
      if (!isWritten && !connection.features.has("ack")) {
        return outcomes.tryLater(entry, REPEAT_MS);
      }
    }
    if (sealed !== undefined) entry.send = { ...entry.send, sealed };
    entry.inFlight = true;
    try {
      const message = outgoing(entry.send, text);
      const outcome = await way.handOver(connection, message);
      return this.#outcome(entry, outcome, connection);
    } catch (error) {
      this.#sealing.wasRefused(entry);
      return this.#refused(entry, Failure.from(error));
    } finally {
      delete entry.inFlight;
    }
  }

  #outcome(
    entry: Entry,
    outcome: SendOutcome,
    connection: RelayConnection,
  ): boolean {
    const { queue, outcomes, clock } = this.#options;
    if (outcome.status === "accepted") {
      const { seq } = outcome;
      const others = this.#othersHere(entry, outcome.others);
      outcomes.accept(entry, defined({ seq, others }));
      this.#sealing.wasTaken(entry);
      return true;
    }
    queue.settle(entry, {
      status: "unknown",
      reason: "the relay did not answer",
    });
    queue.answer(entry, { status: "unknown" });
    if (!connection.features.has("ack")) {
      queue.remove(entry);
      return true;
    }
    entry.notBefore = clock.monotonic() + REPEAT_MS;
    return false;
  }

  /** A relay counts all who are in a private room, who was removed or waits to be let in too: they can read nothing of it. */
  #othersHere(
    { send: { room }, readers }: Entry,
    told: number | undefined,
  ): number | undefined {
    const { own } = this.#options;
    if (readers === undefined) return told ?? own.others(room);
    const here = own.others(room, readers);
    return here === undefined || told === undefined
      ? here
      : Math.min(told, here);
  }

  #refused(entry: Entry, failure: Failure): boolean {
    const { outcomes, outside } = this.#options;
    const { code, retryAfterMs, message } = failure;
    if (code === "NOT_CONNECTED") {
      return outcomes.staysUntil(entry, REPEAT_MS);
    }
    if (retryAfterMs !== undefined && entry.waiter === undefined) {
      return outcomes.tryLater(entry, retryAfterMs, message);
    }
    if (code === "NOT_IN_ROOM" || code === "ROOM_NOT_FOUND") {
      outside(entry.send.room);
      // Nobody is there to be told, and the room is entered again or found ended: then it is given up in its time.
      if (entry.waiter === undefined) {
        return outcomes.tryLater(entry, REPEAT_MS);
      }
    }
    outcomes.refuse(entry, message, failure);
    return true;
  }
}
