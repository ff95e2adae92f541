// What a transcript is made of: `frames` and `attest`.

import type { RoomName } from "../../protocol/names.ts";
import type { EarlierPage } from "./history.ts";

/** Query of GET /v2/frames: a page of a room's past, or of a talk's, as it was signed. */
export interface FramesQuery extends EarlierPage {
  readonly room: RoomName;
}

/** GET /v2/frames */
export interface FramesPage {
  readonly room: RoomName;
  /** What a private room, or a talk, is called in what is signed. */
  readonly wire?: RoomName;
  /** The other agent of a talk. */
  readonly with?: string;
  /** Oldest first; in a private room all that was said there, messages or not. */
  readonly frames: readonly KeptFrame[];
  /** The records of the keys that messages of this page were sealed under. */
  readonly epochs?: readonly KeptEpoch[];
  /** Messages of a talk whose frames were not kept. */
  readonly without_frame?: number;
  readonly earlier?: EarlierPage;
}

/** A frame whose signature was checked, or that carries none. */
export interface KeptFrame {
  /** Just as it came. */
  readonly frame: Readonly<Record<string, unknown>>;
  /** As its author signed it; where the frame carries no signature, the relay's, unless it is far from what is sealed. */
  readonly timestamp: number;
  readonly seq?: number;
  readonly received_at?: number;
  /** What was sealed in it, where it is a message that this agent could open. */
  readonly opened?: OpenedFrame;
}

export interface OpenedFrame {
  readonly text: string;
  /** The key of this message alone, base64url. */
  readonly key: string;
  /** By what {@link KeptEpoch} names its record; absent in a talk, which has none. */
  readonly epoch?: string;
}

/** A record of a private room: who was given a key (docs/protocol.md, section 14). */
export interface KeptEpoch {
  /** Its hash, hex. */
  readonly hash: string;
  readonly author: string;
  /** base64url. */
  readonly body: string;
}

/** Body of POST /v2/attest: a transcript that this agent made (lib/transcript/). */
export interface AttestRequest {
  /** The chain over its lines, 64 hex digits. */
  readonly chain: string;
  /** How many messages it holds. */
  readonly count: number;
}

/** Who attests it. */
export interface Attested {
  readonly by: string;
  /** base58. */
  readonly signature: string;
  readonly private?: true;
}
