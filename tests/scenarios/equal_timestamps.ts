import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { OPEN_RELAY } from "./crowd.ts";
import { readHistory } from "./read_history.ts";

const ROOM = "equal";

export interface EqualTimestampsResult {
  readonly stored: number;
  /** Ids that paging over the socket gave, and how many of them differ. */
  readonly overSocket: { readonly rows: number; readonly different: number };
  readonly overRest: { readonly rows: number; readonly different: number };
}

interface RestRow {
  readonly id: string;
  readonly room: string;
  readonly from_id: string;
  readonly content: string;
  readonly timestamp: number;
  readonly nonce: string;
  readonly signature: string;
  readonly seq: number;
}

/** Messages that all bear one timestamp, read back page by page in both ways; each row's signature is checked. */
export async function equalTimestamps(
  count: number,
): Promise<EqualTimestampsResult> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const peer = await RelayPeer.login(url, {
    identity: fastIdentity(1),
    features: ["ack", "history"],
  });
  await peer.create(ROOM);
  const stored = await storeMany(peer, count);
  const socketRows = await readHistory(peer, ROOM, 157);
  const restRows = await readRest(url);
  peer.close();
  return {
    stored,
    overSocket: counted(socketRows),
    overRest: counted(restRows),
  };
}

function counted(rows: readonly { readonly id: string }[]) {
  return {
    rows: rows.length,
    different: new Set(rows.map(({ id }) => id)).size,
  };
}

/** How many were acknowledged. */
async function storeMany(peer: RelayPeer, count: number): Promise<number> {
  const timestamp = Date.now();
  for (let i = 0; i < count; i++) {
    peer.sign({
      type: "message",
      id: `m${i}`,
      room: ROOM,
      from: peer.identity.id,
      content: { type: "text", text: `text ${i}` },
      timestamp,
      nonce: `n${i}`,
    });
  }
  await peer.pong();
  return peer.heard.filter(({ type }) => type === "message.ack").length;
}

/** Newest first, by `before_seq`; a page's last row is the next page's edge. */
async function readRest(url: string): Promise<RestRow[]> {
  const verifier = new Verifier();
  const rows: RestRow[] = [];
  const base = new URL(url.replace(/^ws/, "http"));
  for (let edge = "";;) {
    const path = `/api/rooms/${ROOM}/messages?limit=157${edge}`;
    const answer = await fetch(new URL(path, base));
    assert.equal(answer.status, 200);
    const page = (await answer.json()).messages as RestRow[];
    const last = page.at(-1);
    if (last === undefined) return rows;
    for (const row of page) {
      assert.ok(isGenuine(verifier, row), `row ${row.seq} does not verify`);
    }
    rows.push(...page);
    edge = `&before_seq=${last.seq}`;
  }
}

function isGenuine(verifier: Verifier, row: RestRow): boolean {
  const signed = {
    type: "message",
    id: row.id,
    room: row.room,
    from: row.from_id,
    content: JSON.parse(row.content),
    timestamp: row.timestamp,
    nonce: row.nonce,
  };
  return verifier.verify(row.from_id, row.signature, signedBytes(signed));
}
