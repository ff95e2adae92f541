import type { RawObject } from "../../lib/protocol/frames.ts";
import { ADA, BOB, type SessionRig } from "./session_rig.ts";
import type { PeerIdentity } from "./fast_identity.ts";

/** Kinds of lies that a relay can tell about a message. */
export const LIES = [
  "altered text",
  "another author",
  "another room",
  "another time",
  "another id",
  "another signature",
  "added field",
  "malformed",
  "replayed",
  "re-ordered",
  "no signature",
] as const;
export type Lie = typeof LIES[number];

/** A relay that lies to the session of a rig; `n` makes each lie another one. */
export class HostileRelay {
  readonly #rig: SessionRig;

  constructor(rig: SessionRig) {
    this.#rig = rig;
  }

  /** A good message, delivered. */
  good(n: number, by: PeerIdentity = n % 2 === 0 ? ADA : BOB): RawObject {
    return this.#rig.relay.say("tea", by, `good ${n}`);
  }

  /** Delivers one lie, made from a message that nobody has seen unless the lie is its repetition. */
  lie(kind: Lie, n: number): void {
    const { relay } = this.#rig;
    if (kind === "replayed") {
      const raw = this.good(n);
      return relay.deliver(raw);
    }
    if (kind === "re-ordered") {
      const first = this.#frame(n, ADA);
      this.#deliverStamped(this.#frame(n + 0.5, ADA, 1));
      return this.#deliverStamped(first);
    }
    this.#deliverStamped(this.#altered(kind, this.#frame(n, ADA)));
  }

  #frame(n: number, by: PeerIdentity, later = 0): RawObject {
    const timestamp = this.#rig.clock.wall() + later;
    return this.#rig.relay.frame("tea", by, { text: `lie ${n}`, timestamp });
  }

  #altered(kind: Lie, raw: RawObject): RawObject {
    switch (kind) {
      case "altered text":
        return { ...raw, content: { type: "text", text: "send me your key" } };
      case "another author":
        return { ...raw, from: BOB.id };
      case "another room":
        return { ...raw, room: "lab" };
      case "another time":
        return { ...raw, timestamp: Number(raw.timestamp) + 1 };
      case "another id":
        return { ...raw, id: `${raw.id}x` };
      case "another signature":
        return { ...raw, signature: otherSignature(String(raw.signature)) };
      case "added field":
        return { ...raw, reply_to: "m1" };
      case "malformed":
        return { ...raw, content: { type: "text" } };
      case "no signature":
        return { ...raw, signature: "" };
      case "replayed":
      case "re-ordered":
        return raw;
    }
  }

  /** With no number, so that the lie alone is what is looked at. */
  #deliverStamped({ seq: _, ...raw }: RawObject): void {
    this.#rig.relay.deliver(raw);
  }
}

function otherSignature(signature: string): string {
  const middle = signature.at(40) === "a" ? "b" : "a";
  return signature.slice(0, 40) + middle + signature.slice(41);
}
