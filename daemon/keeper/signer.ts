import { encodeBase58 } from "../../lib/protocol/base58.ts";
import type { RawObject, SignedFrame } from "../../lib/protocol/frames.ts";
import { signedBytes, type SignLater } from "../../lib/protocol/signing.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { defined } from "../../lib/defined.ts";
import {
  blobHost,
  type OwnBlobClaim,
  writeBlobToken,
} from "../../lib/blobs/blob_token.ts";
import { isSealedLength } from "../../lib/sealed/file_length.ts";
import { isPrivateWire, readSealed } from "../../lib/sealed/sealed_text.ts";
import {
  type SealedInvitation,
  writeInvite,
} from "../../lib/invites/invite_text.ts";
import { INVITE_TERM } from "../../lib/invites/invite_term.ts";
import { TIMES, WIRE } from "../../lib/protocol/limits.ts";
import {
  attestedBytes,
  isAttestable,
  type TranscriptEnd,
} from "../../lib/transcript/attestation.ts";
import type { Clock } from "../../lib/clock.ts";
import {
  isPlainObject,
  isWithin,
  type PlainObject,
} from "../../lib/plain_data.ts";
import { type Rate, RateLimit } from "./rate_limit.ts";

export interface SignerOptions {
  readonly id: string;
  /** The agent's name, as an invitation says it. */
  readonly name: string;
  readonly sign: SignLater;
  /** The relay's addresses, the first naming it: a login at another one is not signed. */
  readonly relayUrls: readonly [string, ...string[]];
  readonly clock: Pick<Clock, "wall" | "monotonic">;
}

/** More than a daemon that sends and reads back as fast as a relay answers. */
const RATE: Rate = { burst: 2_000, perSecond: 200 };
const BOUNDS = { size: WIRE.agentFrameBytes, depth: WIRE.nesting } as const;

/** A signature, base58, or why there is none. */
export type Signing =
  | { readonly ok: true; readonly signature: string }
  | { readonly ok: false; readonly reason: string };

/** A token, or why there is none. */
export type Tokened =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly reason: string };

/** An invitation, or why there is none. */
export type Inviting =
  | { readonly ok: true; readonly invite: string }
  | { readonly ok: false; readonly reason: string };

/** What an invitation is asked for with; all else in it is the agent's own. */
export interface InviteWanted {
  readonly room: RoomName;
  /** Milliseconds since 1970, whole seconds. */
  readonly until: number;
  /** Of a private room alone. */
  readonly sealed?: SealedInvitation;
}

/** Frames that are signed, besides `hello.pow`: a new one is a compile error until it stands here. */
const SIGNED_TYPES: Readonly<Record<SignedFrame["type"], true>> = {
  "hello": true,
  "room.create": true,
  "room.join": true,
  "room.leave": true,
  "message": true,
  "direct": true,
  "direct.ack": true,
  "room.history": true,
  "marks": true,
};

/** Those of them that name their author. */
const OWN_NAME: ReadonlySet<SignedFrame["type"]> = new Set([
  "message",
  "direct",
  "marks",
]);

/** What of a sealed message anybody may see. */
const OPEN_FIELDS: ReadonlySet<string> = new Set([
  ...["type", "id", "room", "from", "timestamp", "nonce"],
]);

/**
 * The one place where the key is used. It signs what the wire knows and nothing else, only in the agent's own name,
 * a login only for the relay that the user named, with the time that it is now, and at a bounded rate: whoever takes over
 * the session worker gains no more than the use of this connection, and keeps nothing for later.
 */
export class Signer {
  readonly #options: SignerOptions;
  readonly #rate: RateLimit;

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#rate = new RateLimit(RATE, options.clock);
  }

  async sign(frame: unknown): Promise<Signing> {
    const refused = this.#refusal(frame);
    if (refused !== null) return { ok: false, reason: refused };
    if (!this.#rate.take()) {
      return { ok: false, reason: "there are too many at once" };
    }
    try {
      const bytes = signedBytes(frame as RawObject);
      if (bytes.length > WIRE.agentFrameBytes) {
        return { ok: false, reason: "the frame is too large" };
      }
      const signature = encodeBase58(await this.#options.sign(bytes));
      return { ok: true, signature };
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      return { ok: false, reason: `the frame can't be written: ${what}` };
    }
  }

  /**
   * Writes an invitation to a room of this relay, in this agent's name, for a bounded time. Its form is fixed, and its
   * bytes are signed under a label of their own: it is never taken for a frame, nor a frame for it.
   */
  async invite({ room, until, sealed }: InviteWanted): Promise<Inviting> {
    const { id: by, name, relayUrls: [relay], sign, clock } = this.#options;
    const left = until - clock.wall();
    if (!(left > 0 && left <= INVITE_TERM.mostMs) || until % 1000 !== 0) {
      return { ok: false, reason: "no invitation lasts so long" };
    }
    if (!this.#rate.take()) {
      return { ok: false, reason: "there are too many at once" };
    }
    const invitation = {
      ...{ by, name, relay, room, until },
      ...defined({ sealed }),
    };
    return { ok: true, invite: await writeInvite(invitation, sign) };
  }

  /** Signs that this agent made a transcript: its chain and count, under a label of their own. */
  async attest(wanted: TranscriptEnd): Promise<Signing> {
    const { chain, count } = wanted;
    if (!isAttestable(chain, count)) {
      return { ok: false, reason: "it is no transcript" };
    }
    if (!this.#rate.take()) {
      return { ok: false, reason: "there are too many at once" };
    }
    const bytes = attestedBytes({ chain, count });
    const signature = encodeBase58(await this.#options.sign(bytes));
    return { ok: true, signature };
  }

  /**
   * Writes the token by which this agent puts a file at its relay, or gets it, now. Of a private room, or for one
   * agent, it puts nothing that has not the length of a sealed file.
   */
  async blob(wanted: OwnBlobClaim): Promise<Tokened> {
    const refused = this.#blobRefusal(wanted);
    if (refused !== null) return { ok: false, reason: refused };
    if (!this.#rate.take()) {
      return { ok: false, reason: "there are too many at once" };
    }
    const { id, sign } = this.#options;
    try {
      const claim = { ...wanted, agent: id };
      return { ok: true, token: await writeBlobToken(claim, sign) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ok: false, reason: error.message };
    }
  }

  #blobRefusal(wanted: unknown): string | null {
    if (!isPlainObject(wanted)) return "it is no claim";
    const { action, at, relay, size, room, peer } = wanted;
    if (!this.#isNow(at)) return "it is not of now";
    const { relayUrls } = this.#options;
    if (!relayUrls.some((url) => blobHost(url) === relay)) {
      return "it is meant for another relay";
    }
    const isHidden = peer !== undefined ||
      typeof room === "string" && isPrivateWire(room.toLowerCase());
    return action === "put" && isHidden &&
        !(typeof size === "number" && isSealedLength(size))
      ? "it would tell the relay what a private room hides"
      : null;
  }

  #refusal(frame: unknown): string | null {
    if (!isPlainObject(frame)) return "it is no frame";
    const { type } = frame;
    if (type !== "hello.pow" && !isSignedType(type)) {
      return "this frame is not signed";
    }
    if (!isWithin(frame, BOUNDS)) return "the frame is too large";
    if (type === "hello.pow") return null;
    if (!this.#isNow(frame.timestamp)) return "it is not of now";
    if (type === "hello") return this.#helloRefusal(frame);
    if (OWN_NAME.has(type) && frame.from !== this.#options.id) {
      return "it is in another's name";
    }
    return isPlainInPrivate(frame) || isPlainDirect(frame)
      ? "it would tell the relay what a private room hides"
      : null;
  }

  /** As a relay would take it (protocol.md section 4). */
  #isNow(timestamp: unknown): boolean {
    const now = this.#options.clock.wall();
    return typeof timestamp === "number" &&
      timestamp >= now - TIMES.timestampPast &&
      timestamp <= now + TIMES.timestampAhead;
  }

  #helloRefusal({ profile, relay }: PlainObject): string | null {
    const { id, relayUrls } = this.#options;
    if (!isPlainObject(profile) || profile.id !== id) {
      return "it is in another's name";
    }
    return relayUrls.some((url) => url === relay)
      ? null
      : "it is meant for another relay";
  }
}

/** Whatever the session worker says of it, and whoever has taken it over: what goes to a private room is sealed. */
function isPlainInPrivate(frame: PlainObject): boolean {
  const { type, room, topic, tags } = frame;
  if (typeof room !== "string" || !isPrivateWire(room.toLowerCase())) {
    return false;
  }
  if (type === "room.create") {
    return topic !== "" || !Array.isArray(tags) || tags.length > 0;
  }
  // Who has read what is told in none.
  if (type === "marks") return true;
  return type === "message" && !isSealedAlone(frame);
}

/** Whether a message says nothing beside what is sealed, by no field that anybody thought of. */
function isSealedAlone({ content, ...open }: PlainObject): boolean {
  if (!isPlainObject(content)) return false;
  const { type, text, ...more } = content;
  return type === "text" && typeof text === "string" &&
    readSealed(text).is === "sealed" && Object.keys(more).length === 0 &&
    Object.keys(open).every((name) => OPEN_FIELDS.has(name));
}

/** A word to one agent is always sealed, and says nothing beside it. */
function isPlainDirect(
  { to: _to, postage: _, ...frame }: PlainObject,
): boolean {
  return frame.type === "direct" && !isSealedAlone(frame);
}

function isSignedType(type: unknown): type is SignedFrame["type"] {
  return typeof type === "string" && Object.hasOwn(SIGNED_TYPES, type);
}
