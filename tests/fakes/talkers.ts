import { agent } from "./agents.ts";
import { RelayPeer } from "./relay_peer.ts";

/** Peers who talk in one room of a running relay. */
export class Talker {
  readonly peer: RelayPeer;
  readonly room: string;
  #sent = 0;

  constructor(peer: RelayPeer, room: string) {
    this.peer = peer;
    this.room = room;
  }

  /** Logs in as agent `number`, and makes the room or joins it. */
  static async open(
    url: string,
    { number, name, room, make = false }: {
      readonly number: number;
      readonly name: string;
      readonly room: string;
      readonly make?: boolean;
    },
  ): Promise<Talker> {
    const features = ["ack", "fields"];
    const identity = agent(number);
    const peer = await RelayPeer.login(url, { identity, name, features });
    await (make ? peer.create(room) : peer.join(room));
    return new Talker(peer, room);
  }

  /** Says a text, and waits until the relay has it. @returns the message's id. */
  async say(
    text: string,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const id = `m${this.peer.identity.id.slice(0, 4)}${++this.#sent}`;
    this.peer.signed({
      ...{ type: "message", id, room: this.room, from: this.peer.identity.id },
      content: { type: "text", text },
      ...more,
    });
    await this.peer.next("message.ack");
    return id;
  }
}
