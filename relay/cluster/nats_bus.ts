import type { NatsConnection } from "@nats-io/transport-node";
import type { HeardAtSubject, ViewBus } from "./view_bus.ts";

/** The servers themselves, which keep nothing of what is said so. What they forbid the connection's status tells. */
export class NatsBus implements ViewBus {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  say(subject: string, bytes: Uint8Array, reply?: string): void {
    if (this.#connection.isClosed()) return;
    this.#connection.publish(
      subject,
      bytes,
      reply === undefined ? {} : { reply },
    );
  }

  hear(subject: string, heard: HeardAtSubject): () => void {
    if (this.#connection.isClosed()) return () => {};
    const subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return;
        // What came with it shares its buffer.
        heard(new Uint8Array(message.data), message.reply ?? "");
      },
    });
    return () => subscription.unsubscribe();
  }
}
