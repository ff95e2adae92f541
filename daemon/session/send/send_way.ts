import type {
  OutgoingMessage,
  SendOutcome,
} from "../../../lib/client/connection_types.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { Failure } from "../../../lib/errors.ts";
import type { DirectPeers } from "../../mailbox/direct_peers.ts";
import type { Reconnect } from "../reconnect.ts";
import type { Rooms } from "../rooms.ts";
import type { RelayConnection } from "../session_options.ts";

export interface SendWayOptions {
  readonly rooms: Pick<Rooms, "get">;
  readonly peers: Pick<DirectPeers, "named">;
  readonly reconnect: Pick<Reconnect, "connection">;
}

/** How a message goes out: into its room, or to one agent alone. */
export class SendWay {
  readonly #options: SendWayOptions;

  constructor(options: SendWayOptions) {
    this.#options = options;
  }

  /** Whether something can be said there now. */
  isOpen(room: string): boolean {
    const { reconnect: { connection }, rooms } = this.#options;
    if (connection === undefined) return false;
    return isDirectRoom(room)
      ? connection.features.has("direct")
      : rooms.get(room)?.isOpen === true;
  }

  /** Hands it over. Rejects as `Connection.send`. */
  async handOver(
    connection: RelayConnection,
    message: OutgoingMessage,
  ): Promise<SendOutcome> {
    const { room, id, text } = message;
    if (!isDirectRoom(room)) return await connection.send(message);
    const peer = this.#options.peers.named(room);
    if (peer === undefined) {
      throw new Failure("NOT_IN_ROOM", { fields: { room } });
    }
    return await connection.direct({ id, to: peer.agent, text });
  }
}
