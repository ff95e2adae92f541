import type { BlobScope } from "../../../lib/blobs/blob_token.ts";
import { Failure } from "../../../lib/errors.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Reconnect } from "../reconnect.ts";
import type { StoredState } from "../stored_state.ts";

export interface FileScopesOptions {
  readonly stored: Pick<StoredState, "peers" | "privateRooms" | "rooms">;
  readonly reconnect: Pick<Reconnect, "connection">;
}

/** Whose a file is at the relay, by what its room is called here. */
export class FileScopes {
  readonly #stored: Pick<StoredState, "peers" | "privateRooms" | "rooms">;
  readonly #reconnect: Pick<Reconnect, "connection">;

  constructor({ stored, reconnect }: FileScopesOptions) {
    this.#stored = stored;
    this.#reconnect = reconnect;
  }

  /** Whether a file of this room is sealed. */
  isSealed(room: RoomName): boolean {
    return isDirectRoom(room) ||
      this.#stored.privateRooms.get(room) !== undefined;
  }

  /** @throws Failure NOT_IN_ROOM for a talk that was never begun. */
  of(room: RoomName): BlobScope {
    const { peers, privateRooms } = this.#stored;
    if (!isDirectRoom(room)) return { room: privateRooms.wireOf(room) };
    const peer = peers.named(room);
    const { features } = this.#reconnect.connection ?? {};
    if (peer !== undefined) {
      // Where nothing is kept for one agent alone, a talk is a room of two.
      return features === undefined || features.has("direct")
        ? { peer: peer.agent }
        : { room: peer.wire };
    }
    throw new Failure("NOT_IN_ROOM", { fields: { room } });
  }

  /** @throws Failure NOT_IN_ROOM where nothing can be said. */
  checkOpen(room: RoomName): void {
    if (isDirectRoom(room)) return;
    const there = this.#stored.rooms.get(room);
    if (there === undefined || there.ended !== undefined) {
      throw new Failure("NOT_IN_ROOM", { fields: { room } });
    }
  }
}
