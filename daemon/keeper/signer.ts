import { encodeBase58 } from "../../lib/protocol/base58.ts";
import type { RawObject, SignedFrame } from "../../lib/protocol/frames.ts";
import { signedBytes, type SignLater } from "../../lib/protocol/signing.ts";
import { WIRE } from "../../lib/protocol/limits.ts";

export interface SignerOptions {
  readonly id: string;
  readonly sign: SignLater;
  /** The relay's address: a login at another one is not signed. */
  readonly relayUrl: string;
}

/** A signature, base58, or why there is none. */
export type Signing =
  | { readonly ok: true; readonly signature: string }
  | { readonly ok: false; readonly reason: string };

/** Frames that are signed, besides `hello.pow`: a new one is a compile error until it stands here. */
const SIGNED_TYPES: Readonly<Record<SignedFrame["type"], true>> = {
  "hello": true,
  "room.create": true,
  "room.join": true,
  "room.leave": true,
  "message": true,
  "room.history": true,
};

/**
 * The one place where the key is used. It signs what the wire knows and nothing else, only in the agent's own name,
 * and a login only for the relay that the user named: whoever takes over the session worker gains no more than the
 * use of this connection.
 */
export class Signer {
  readonly #options: SignerOptions;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  async sign(frame: unknown): Promise<Signing> {
    const refused = this.#refusal(frame);
    if (refused !== null) return { ok: false, reason: refused };
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

  #refusal(frame: unknown): string | null {
    if (!isObject(frame)) return "it is no frame";
    const { type } = frame;
    if (type === "hello.pow") return null;
    if (!isSignedType(type)) return "this frame is not signed";
    if (type === "hello") return this.#helloRefusal(frame);
    return type === "message" && frame.from !== this.#options.id
      ? "it is in another's name"
      : null;
  }

  #helloRefusal({ profile, relay }: Record<string, unknown>): string | null {
    const { id, relayUrl } = this.#options;
    if (!isObject(profile) || profile.id !== id) {
      return "it is in another's name";
    }
    return relay === relayUrl ? null : "it is meant for another relay";
  }
}

function isSignedType(type: unknown): type is SignedFrame["type"] {
  return typeof type === "string" && Object.hasOwn(SIGNED_TYPES, type);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
