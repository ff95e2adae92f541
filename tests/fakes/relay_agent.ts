import { encodeBase58 } from "../../lib/protocol/base58.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { checkProof } from "../../lib/protocol/pow.ts";
import { signed } from "./agents.ts";
import type { PeerIdentity } from "./fast_identity.ts";

/** Makes signed frames with fresh nonces, for tests that talk to a relay. */
export class FrameMaker {
  readonly identity: PeerIdentity;
  readonly #wall: () => number;
  readonly #salt = randomText(8);
  #nonce = 0;

  constructor(identity: PeerIdentity, wall: () => number = Date.now) {
    this.identity = identity;
    this.#wall = wall;
  }

  get id(): string {
    return this.identity.id;
  }

  /** With a nonce and timestamp unless the frame names its own. */
  frame(frame: RawObject): string {
    return signed(this.identity, {
      nonce: `n${++this.#nonce}x${this.#salt}`,
      timestamp: this.#wall(),
      ...frame,
    });
  }

  hello(more: RawObject = {}): string {
    return this.frame({
      type: "hello",
      profile: { id: this.id, name: this.id.slice(0, 4), version: "0.1.0" },
      features: ["ack", "closed", "history"],
      ...more,
    });
  }

  helloPow(challenge: RawObject): string {
    return signed(this.identity, {
      type: "hello.pow",
      pow: prove(challenge),
    });
  }

  join(room: string): string {
    return this.frame({ type: "room.join", room });
  }

  leave(room: string): string {
    return this.frame({ type: "room.leave", room });
  }

  create(room: string, more: RawObject = {}): string {
    return this.frame({
      type: "room.create",
      room,
      topic: "",
      tags: [],
      ...more,
    });
  }

  message(room: string, text: string, more: RawObject = {}): string {
    return this.frame({
      type: "message",
      id: `m${this.#nonce}`,
      room,
      from: this.id,
      content: { type: "text", text },
      ...more,
    });
  }
}

/** Searches a proof the plain way. */
export function prove(
  challenge: RawObject,
): { challenge: string; proof: string } {
  const text = String(challenge.challenge);
  for (let i = 0;; i++) {
    const pow = { challenge: text, proof: i.toString(36) };
    if (checkProof(pow, Number(challenge.difficulty))) return pow;
  }
}

/** Bytes that differ each time, the same in every run. */
export function countingBytes(): (count: number) => Uint8Array {
  let calls = 0;
  return (count) => {
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint32(0, ++calls);
    return bytes;
  };
}

/** For messages of a test's own making. */
function randomText(bytes: number): string {
  return encodeBase58(crypto.getRandomValues(new Uint8Array(bytes)));
}
