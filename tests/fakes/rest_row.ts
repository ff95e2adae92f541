import type { RawObject } from "../../lib/protocol/frames.ts";

/** A row of a relay's REST history (protocol.md section 8); a Go relay's has no nonce and no signature. */
export function restRowOf(raw: RawObject): RawObject {
  const { id, room, from, content, timestamp } = raw;
  return {
    ...{ id, room, from_id: from, from_name: "them", timestamp },
    content: JSON.stringify(content),
  };
}
