import type { StoreAnswer } from "../../store/contract.ts";
import type { Now } from "../events.ts";
import type { BlobOp, BlobReserveOp } from "../log/op.ts";
import type { Origin, RoomsState } from "./rooms_state.ts";

/** How long a place is held for a file that comes in: longer than any may take. */
const RESERVED_MS = 30 * 60_000;

/** Files of rooms and of two agents: which there are is decided here, and by the store; their bytes are elsewhere. */
export class Blobs {
  readonly #state: RoomsState;

  constructor(state: RoomsState) {
    this.#state = state;
  }

  apply(op: BlobOp, origin: Origin, now: Now): void {
    const settled = (answer: StoreAnswer) => {
      if (origin.isHere) this.#state.blobSettled(op.id, answer);
    };
    const { id } = op;
    const { blobs } = this.#state.settings;
    if (op.op === "blob_reserve") return this.#reserve(op, now, settled);
    if (op.op === "blob_drop" || blobs === null) {
      return this.#state.write({ kind: "blob_dropped", id }, settled);
    }
    const until = Math.ceil(now.wall + blobs.keptMs);
    this.#state.write(
      { kind: "blob_kept", id, until },
      (answer) =>
        settled(answer.kind === "stored" ? { ...answer, until } : answer),
    );
  }

  #reserve(
    op: BlobReserveOp,
    now: Now,
    settled: (answer: StoreAnswer) => void,
  ): void {
    const { id, agent, address, scope, room, sha256, size } = op;
    const { settings: { blobs }, rooms } = this.#state;
    const isThere = room === undefined || rooms.get(room) !== undefined;
    if (blobs === null || !isThere) {
      const reason = "there is no such room";
      return settled({ kind: "failed", token: 0, why: "no_room", reason });
    }
    const { agentBytes, roomBytes, addressBytes, totalBytes } = blobs;
    const quotas = {
      agentBytes,
      scopeBytes: roomBytes,
      addressBytes,
      totalBytes,
    };
    const until = Math.ceil(now.wall + RESERVED_MS);
    this.#state.write({
      ...{ kind: "blob_reserved", id, owner: agent, address, scope },
      ...{ sha256, size, until, quotas },
    }, settled);
  }
}
