import type { Marks } from "../../lib/protocol/marks_frames.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import type { PeerIdentity } from "./fast_identity.ts";
import { roomName } from "./plain.ts";

/** What a reader tells, as it goes over the wire; forged, with another nonce than was signed. */
export function signedMarks(
  by: PeerIdentity,
  { room, ...told }: Pick<Marks, "marks" | "timestamp"> & {
    readonly room: string;
  },
  isForged = false,
): Marks {
  const frame = signFrame({
    ...{ type: "marks" as const, room: roomName(room), from: by.id },
    ...{ nonce: crypto.randomUUID(), ...told },
  }, by.sign);
  return isForged ? { ...frame, nonce: "other" } : frame;
}
