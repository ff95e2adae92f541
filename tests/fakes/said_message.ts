import type { RawObject } from "../../lib/protocol/frames.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import type { PeerIdentity } from "./fast_identity.ts";

/** What of a message is not as usual; `name` is what the relay says, `more` what else the author signs. */
export interface Unusual {
  readonly id?: string;
  readonly timestamp?: number;
  readonly name?: string;
  readonly more?: RawObject;
}

/** A message as its author signs it; `n` is another one for each. */
export function saidMessage(
  { n, room, now }: {
    readonly n: number;
    readonly room: string;
    readonly now: number;
  },
  by: PeerIdentity,
  fields: Unusual & { readonly text: string },
): RawObject {
  const { text, id = `m${n}`, timestamp = now } = fields;
  return signFrame({
    ...{ type: "message", id, room, from: by.id, timestamp },
    content: { type: "text", text },
    nonce: `nonce${n}`,
    ...fields.more,
  }, by.sign);
}
