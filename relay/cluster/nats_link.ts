import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  type JetStreamManager,
} from "@nats-io/jetstream";
import {
  createInbox,
  type Msg,
  type NatsConnection,
  nuid,
} from "@nats-io/transport-node";
import { moveOn } from "./connect.ts";
import {
  type Delivered,
  type LogLink,
  OtherLog,
  PULSE_MS,
} from "./log_link.ts";
import { LOG } from "./log_stream.ts";
import { type Servers, streamInfo } from "./open_log.ts";

const NANOS_PER_MS = 1_000_000;
/** The servers forget a delivery that nobody hears any more after this, in milliseconds. */
const FORGOTTEN_AFTER_MS = 30_000;
/** The status of a message of the servers themselves (docs.nats.io, "JetStream consumers"). */
const OF_THE_SERVER = 100;

/** The log on the servers: a push consumer that nobody acknowledges. */
export class NatsLink implements LogLink {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #log: string;

  /** @param log the time at which the stream was made that is followed. */
  constructor({ connection, manager }: Servers, log: string) {
    this.#connection = connection;
    this.#manager = manager;
    this.#log = log;
  }

  async deliver(
    from: number,
    heard: (said: Delivered) => void,
  ): Promise<() => void> {
    // A stream of the same name that was made since would go on at the same number with something else.
    const info = await streamInfo(this.#manager);
    if (info !== null && info.created !== this.#log) throw new OtherLog();
    const inbox = createInbox();
    const subscription = this.#connection.subscribe(inbox, {
      callback: (error, message) =>
        error === null
          ? this.#heard(message, heard)
          : heard({ kind: "ended", reason: error.message }),
    });
    try {
      await this.#manager.consumers.add(LOG.stream, consumer(inbox, from));
    } catch (error) {
      subscription.unsubscribe();
      throw error;
    }
    // What is left of the consumer goes by itself: nobody listens to its inbox.
    return () => subscription.unsubscribe();
  }

  move(): void {
    moveOn(this.#connection);
  }

  #heard(message: Msg, heard: (said: Delivered) => void): void {
    const { headers, reply = "" } = message;
    if (headers === undefined || headers.code === 0) {
      const place = placeOf(reply);
      if (place === null) return;
      return heard({ kind: "entry", ...place, bytes: message.data });
    }
    if (headers.code !== OF_THE_SERVER) {
      const reason = `${headers.code} ${headers.description}`;
      return heard({ kind: "ended", reason });
    }
    const waits = reply !== "" ? reply : headers.get("Nats-Consumer-Stalled");
    if (waits !== "") {
      const goOn = () => this.#connection.publish(waits);
      return heard({ kind: "pause", goOn });
    }
    const order = Number(headers.get("Nats-Last-Consumer"));
    heard({ kind: "pulse", order });
  }
}

function consumer(inbox: string, from: number): Partial<ConsumerConfig> {
  return {
    name: `an-${nuid.next()}`,
    deliver_subject: inbox,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    ack_policy: AckPolicy.None,
    flow_control: true,
    idle_heartbeat: PULSE_MS * NANOS_PER_MS,
    inactive_threshold: FORGOTTEN_AFTER_MS * NANOS_PER_MS,
    num_replicas: 1,
    mem_storage: true,
  };
}

/**
 * What the servers say of an entry in its reply subject: `$JS.ACK.stream.consumer.delivered.stream
 * sequence.consumer sequence.time.pending`, by newer ones with two words more in front (ADR-15 of NATS).
 */
function placeOf(reply: string) {
  const words = reply.split(".");
  if (words[0] !== "$JS" || words[1] !== "ACK" || words.length < 9) return null;
  const [, position, order, nanos] = words.slice(words.length < 11 ? 4 : 6);
  return {
    position: Number(position),
    order: Number(order),
    at: Math.floor(Number(nanos) / NANOS_PER_MS),
  };
}
