import type { RoomJoined } from "../../lib/protocol/frames.ts";
import type { Push } from "../../lib/client/connection_types.ts";

/** All that a session hears from its parts; everything else in it goes one way, from whoever asks to who answers. */
export type Heard =
  /** What the relay sends unasked, or too late. */
  | Push
  | { readonly connected: true }
  | { readonly disconnected: true }
  /** Whether our model can be woken is another now. */
  | { readonly wakeable: true }
  /** A frame could not be read. */
  | { readonly dropped: string }
  /** The relay does not have us in a room that we took for ours. */
  | { readonly outside: string }
  /** The relay has us in a room that is none of ours. */
  | { readonly entered: RoomJoined }
  /** An agent is there now to whom something can be said. */
  | { readonly here: string }
  /** Messages of the room went by, as the number of an own one shows. */
  | { readonly missed: string };
