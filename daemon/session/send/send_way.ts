import type {
  OutgoingMessage,
  SendOutcome,
} from "../../../lib/client/connection_types.ts";
import type { WaitsFor } from "../../../lib/local_api/types/sends.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { isDirectReceipt } from "../../../lib/protocol/direct_receipt.ts";
import { isFilePart } from "../../../lib/sealed/file_part.ts";
import { Failure } from "../../../lib/errors.ts";
import type { PairPlaces } from "../direct/pair_places.ts";
import type { TalkFrames } from "../../mailbox/talk_frames.ts";
import type { StoredState } from "../stored_state.ts";
import type { DirectPeers } from "../../mailbox/direct_peers.ts";
import type { Reconnect } from "../reconnect.ts";
import type { Rooms } from "../rooms.ts";
import type { RelayConnection } from "../session_options.ts";

export interface SendWayOptions {
  /** This agent's id. */
  readonly me: string;
  readonly frames: Pick<TalkFrames, "save">;
  readonly failed: StoredState["failed"];
  readonly rooms: Pick<Rooms, "get">;
  readonly peers: Pick<DirectPeers, "named">;
  readonly pairs: Pick<PairPlaces, "isHere" | "lost" | "used">;
  readonly reconnect: Pick<Reconnect, "connection">;
}

/**
 * How a message goes out: into its room, or to one agent alone, through what a relay keeps for that agent (feature
 * `direct`), else in the room of the pair while both are there.
 */
export class SendWay {
  readonly #options: SendWayOptions;

  constructor(options: SendWayOptions) {
    this.#options = options;
  }

  /** Whether something can be said there now. */
  isOpen(room: string): boolean {
    const { reconnect: { connection }, rooms, peers, pairs } = this.#options;
    if (connection === undefined) return false;
    if (!isDirectRoom(room)) return rooms.get(room)?.isOpen === true;
    return connection.features.has("direct") ||
      pairs.isHere(peers.named(room)?.agent ?? "");
  }

  /** What a message waits for that can't go out though there is a connection; undefined where that is not known here. */
  waitsFor(room: string, isPrivate: boolean): WaitsFor | undefined {
    const { reconnect: { connection }, rooms } = this.#options;
    if (connection === undefined) return undefined;
    if (isDirectRoom(room)) return this.isOpen(room) ? undefined : "agent";
    return isPrivate && rooms.get(room)?.isOpen ? "key" : undefined;
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
    const outcome = connection.features.has("direct")
      ? await connection.direct({ id, to: peer.agent, text })
      : await this.#inPairRoom(connection, { ...message, room: peer.wire });
    const isMessage = !isDirectReceipt(text) && !isFilePart(text);
    if (isMessage) this.#keep(id, outcome);
    return outcome;
  }

  /** As it was signed: nobody else keeps it. Never throws: without it the message is not exported. */
  #keep(id: string, outcome: SendOutcome): void {
    const { me, frames, failed } = this.#options;
    if (outcome.status !== "accepted" || !outcome.frame_text) return;
    try {
      frames.save({ from: me, id }, outcome.frame_text);
    } catch (error) {
      failed(Failure.from(error));
    }
  }

  /** Rejects with NOT_CONNECTED where the room is no more: it is kept, and said when both are there again. */
  async #inPairRoom(
    connection: RelayConnection,
    { room, id, text }: OutgoingMessage,
  ): Promise<SendOutcome> {
    const { pairs } = this.#options;
    try {
      const outcome = await connection.send({ room, id, text });
      pairs.used(room);
      return outcome;
    } catch (error) {
      const { code } = Failure.from(error);
      if (code !== "NOT_IN_ROOM" && code !== "ROOM_NOT_FOUND") throw error;
      pairs.lost(room);
      throw new Failure("NOT_CONNECTED", {
        fields: { reason: "the other agent is not there" },
      });
    }
  }
}
