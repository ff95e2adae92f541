import assert from "node:assert/strict";
import { silentLogger } from "../../lib/log.ts";
import { ViewGiver } from "../../relay/cluster/view_giver.ts";
import {
  type TakingProgress,
  ViewTaker,
} from "../../relay/cluster/view_taker.ts";
import { VIEW_PIECE_BYTES } from "../../relay/view_copy/copy_port.ts";
import { manyBytes } from "./blob_peer.ts";
import { FakeClock } from "./fake_clock.ts";
import { FakeBus, FakeViewDisk, hashOf, LOG, turned } from "./view_bed.ts";

/** By their hashes: what `deepEqual` says of so many bytes that differ takes gigabytes and minutes. */
export function assertSame(found: Uint8Array | null, wanted: Uint8Array): void {
  assert.equal(found && hashOf(found), hashOf(wanted));
}

/** Relays on one bus, of which some give their view. */
export function viewRelays() {
  const clock = new FakeClock();
  const bus = new FakeBus(clock);
  let tokens = 0;
  const common = {
    ...{ bus, clock, logger: silentLogger },
    token: () => `token${String(++tokens).padStart(8, "0")}`,
  };
  const giver = (node: string, view: Uint8Array, log = LOG) => {
    const disk = new FakeViewDisk(view);
    return {
      disk,
      giver: new ViewGiver({ ...common, disks: disk, node, log }),
    };
  };
  const taker = () => {
    const disk = new FakeViewDisk();
    const told: TakingProgress[] = [];
    const progress = (progress: TakingProgress) => void told.push(progress);
    return {
      ...{ disk, told },
      taker: new ViewTaker({ ...common, disks: disk, progress }),
    };
  };
  return {
    ...{ clock, bus, giver, taker },
    turned: <T>(work: Promise<T>) => turned(clock, work),
  };
}

/** A view of four pieces, the last of them short. */
export const LARGE = manyBytes(3 * VIEW_PIECE_BYTES + 5);
