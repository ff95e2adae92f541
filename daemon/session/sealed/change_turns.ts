import { mergeableBy } from "../../../lib/sealed/merged_state.ts";
import type { KnownRoom } from "./known_room.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** A key is in use so long at most; milliseconds. */
const ROTATE_MS = 7 * 24 * 3_600_000;
/** How much longer each admin waits than the one above him before he merges branches; milliseconds. */
const MERGE_MS = 3_000;

/** Which of a room's admins who are there makes the epochs that nobody asked for. */
export class ChangeTurns {
  readonly #options: Pick<SealedOptions, "me" | "stored" | "clock">;
  /** Since when a room has branches to be merged; monotonic. */
  readonly #looseSince = new Map<string, number>();

  constructor(options: Pick<SealedOptions, "me" | "stored" | "clock">) {
    this.#options = options;
  }

  forget(name: string): void {
    this.#looseSince.delete(name);
  }

  /** Whether it is this admin's turn to merge branches, or to give the room a new key. */
  isDue(room: KnownRoom): boolean {
    const { me, stored: { rooms }, clock } = this.#options;
    const { standing, inForce, name } = room;
    if (standing === null || inForce === undefined) return false;
    const { admins, at = 0 } = inForce.state;
    const here = rooms.get(name)?.memberIds ?? [];
    const rank = admins.filter((id) => id === me.id || here.includes(id))
      .indexOf(me.id);
    if (rank < 0 || room.isBehind || room.isRemoved(me.id)) return false;
    if (mergeableBy(me.id, room.epochs, standing).length === 0) {
      this.#looseSince.delete(name);
      // Its author's clock: one far ahead would keep the key for ever.
      return rank === 0 && Math.abs(clock.wall() - at) > ROTATE_MS;
    }
    const now = clock.monotonic();
    const since = this.#looseSince.get(name) ?? now;
    this.#looseSince.set(name, since);
    return now - since >= MERGE_MS * (rank + 1);
  }
}
