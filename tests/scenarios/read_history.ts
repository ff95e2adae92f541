import assert from "node:assert/strict";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { deliveredBytes } from "../../lib/protocol/signing.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { RelayPeer } from "../fakes/relay_peer.ts";

export interface HistoryRow {
  readonly id: string;
  readonly text: string;
  readonly seq: number;
}

/** Reads a room's whole history over the socket, page after page, and checks each row's signature and order. */
export async function readHistory(
  peer: RelayPeer,
  room: string,
  limit = 200,
): Promise<HistoryRow[]> {
  const verifier = new Verifier();
  const rows: HistoryRow[] = [];
  for (let after = 0, more = true; more;) {
    peer.signed({ type: "room.history", room, after_seq: after, limit });
    const page = await peer.next("room.history.result");
    const messages = page.messages as RawObject[];
    more = page.has_more === true;
    assert.ok(
      messages.length > 0 || !more,
      "a page without rows says that there is more",
    );
    for (const raw of messages) {
      assert.ok(
        verifier.verify(
          String(raw.from),
          String(raw.signature),
          deliveredBytes(raw),
        ),
        "unverifiable row",
      );
      assert.ok(Number(raw.seq) > after, "seq does not grow");
      after = Number(raw.seq);
      rows.push({
        id: String(raw.id),
        text: (raw.content as { text: string }).text,
        seq: after,
      });
    }
  }
  return rows;
}
