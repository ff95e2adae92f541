import assert from "node:assert/strict";
import { mostSealedBlob } from "../../../../lib/blobs/blob_limits.ts";
import type { BlobClaim } from "../../../../lib/blobs/blob_token.ts";
import { DEFAULT_LIMITS } from "../../../../relay/core/settings.ts";
import type { BlobReply } from "../../../../relay/core/edge/blob_replies.ts";
import type { BlobAsk } from "../../../../relay/core/edge/blob_requests.ts";
import { agent } from "../../../fakes/agents.ts";
import { CORE_SETTINGS, CoreBed } from "../../../fakes/core_bed.ts";
import { DiskStore } from "../../../fakes/disk_store.ts";
import { roomName } from "../../../fakes/plain.ts";

const HASH = "ab".repeat(32);
const SEALED = roomName(`p-${"0".repeat(32)}`);
const DAY_MS = 24 * 3_600_000;
const LIMITED = { ...DEFAULT_LIMITS, blobsPerAgent: 2 };

/** Agents 1 and 2 in `tea`, agent 3 in none; agent 4 is not connected. */
class BlobBed extends CoreBed {
  constructor(settings = {}) {
    super(settings, new DiskStore());
    this.rooms();
    const lines = [1, 2, 3].map((n) => this.login(this.maker(agent(n))));
    const [ada, bea] = lines;
    assert.ok(ada !== undefined && bea !== undefined);
    this.create(ada, "tea");
    this.ask(bea, bea.maker.frame({ type: "room.join", room: "tea" }));
    this.lines = lines;
  }

  readonly lines: { readonly conn: number }[];

  claim(n: number, more: Partial<BlobClaim> = {}): BlobClaim {
    const scope = more.peer === undefined ? { room: roomName("tea") } : {};
    return {
      ...{ action: "put", agent: agent(n).id, sha256: HASH, size: 10 },
      ...{ relay: "relay.example.org", at: this.now.wall, ...scope },
      ...more,
    } as BlobClaim;
  }

  blob(
    ask: { readonly kind: "reserve" | "find"; readonly claim: BlobClaim } | {
      readonly kind: "keep";
      readonly id: string;
    },
  ): BlobReply | undefined {
    let reply: BlobReply | undefined;
    const onAnswer = (answer: BlobReply) => void (reply = answer);
    const whole = { address: "1", ...ask, onAnswer } as BlobAsk;
    this.apply(this.core.blob(whole, this.now));
    return reply;
  }

  /** The kind of the reply, or the code of a refusal. */
  outcome(kind: "reserve" | "find", claim: BlobClaim): string | undefined {
    const reply = this.blob({ kind, claim });
    return reply?.kind === "refused" ? reply.code : reply?.kind;
  }

  /** Puts a file. @returns until when it is kept */
  put(claim: BlobClaim): number {
    const place = this.blob({ kind: "reserve", claim });
    assert.ok(place?.kind === "reserved", JSON.stringify(place));
    const kept = this.blob({ kind: "keep", id: place.id });
    assert.ok(kept?.kind === "kept", JSON.stringify(kept));
    return kept.until;
  }
}

Deno.test("BlobRequests: what a member puts, the members find, and nobody else, for its time", () => {
  const bed = new BlobBed();
  const until = bed.put(bed.claim(1));
  assert.equal(until, bed.now.wall + 7 * DAY_MS);
  assert.deepEqual([1, 2, 3].map((n) => bed.outcome("find", bed.claim(n))), [
    "found",
    "found",
    "BLOB_NOT_FOUND",
  ]);
  const other = bed.claim(2, { sha256: "cd".repeat(32) });
  assert.equal(bed.outcome("find", other), "BLOB_NOT_FOUND");
  bed.now = { ...bed.now, wall: until };
  assert.equal(bed.outcome("find", bed.claim(2)), "BLOB_NOT_FOUND");
});

Deno.test("BlobRequests: a file for one agent is had from both ends, and from no third", () => {
  const bed = new BlobBed();
  bed.put(bed.claim(1, { peer: agent(4).id }));
  const found = (n: number, peer: number) =>
    bed.outcome("find", bed.claim(n, { peer: agent(peer).id }));
  assert.equal(found(4, 1), "found");
  assert.equal(found(1, 4), "found");
  assert.equal(found(2, 1), "BLOB_NOT_FOUND");
  assert.equal(found(1, 2), "BLOB_NOT_FOUND");
  assert.equal(bed.outcome("find", bed.claim(1)), "BLOB_NOT_FOUND");
});

Deno.test("BlobRequests: who is not in the room, or not connected, puts nothing; who dropped from it a moment ago may fetch", () => {
  const bed = new BlobBed();
  assert.equal(bed.outcome("reserve", bed.claim(3)), "BLOB_REFUSED");
  const away = bed.claim(4, { peer: agent(1).id });
  assert.equal(bed.outcome("reserve", away), "BLOB_REFUSED");
  bed.put(bed.claim(1));
  bed.drop(bed.lines[1]?.conn ?? 0);
  assert.equal(bed.outcome("find", bed.claim(2)), "found");
  assert.equal(bed.outcome("reserve", bed.claim(2)), "BLOB_REFUSED");
  bed.pass(CORE_SETTINGS.roomGraceMs + 1);
  assert.equal(bed.outcome("find", bed.claim(2)), "BLOB_NOT_FOUND");
});

Deno.test("BlobRequests: a claim of another time, or for another relay, is none", () => {
  const publicUrl = "wss://relay.example.org/v1/ws";
  const bed = new BlobBed({ publicUrl });
  const { wall } = bed.now;
  const cases = [
    [{}, "reserved"],
    [{ at: wall - 60_000 }, "BLOB_TOKEN"],
    [{ at: wall + 5_001 }, "BLOB_TOKEN"],
    [{ relay: "relay.example.net" }, "BLOB_TOKEN"],
    [{ relay: "relay.example.org:8443" }, "BLOB_TOKEN"],
  ] as const;
  for (const [more, said] of cases) {
    assert.equal(bed.outcome("reserve", bed.claim(1, more)), said);
  }
});

Deno.test("BlobRequests: lists and bans hold from one request to the next", () => {
  const bed = new BlobBed();
  bed.put(bed.claim(1));
  bed.apply(bed.core.admit({ deny: new Set([agent(2).id]) }));
  assert.equal(bed.outcome("find", bed.claim(2)), "BLOB_REFUSED");
  bed.apply(
    bed.core.admit({ deny: new Set(), allow: new Set([agent(2).id]) }),
  );
  assert.equal(bed.outcome("find", bed.claim(2)), "found");
  assert.equal(bed.outcome("find", bed.claim(1)), "BLOB_REFUSED");
  bed.apply(bed.core.ban(agent(2).id, true, bed.now));
  assert.equal(bed.outcome("find", bed.claim(2)), "BLOB_REFUSED");
});

Deno.test("BlobRequests: the largest file, plain and sealed, is taken, and one byte more is not", () => {
  const blobs = CORE_SETTINGS.blobs;
  assert.ok(blobs !== null);
  const bed = new BlobBed();
  const [ada] = bed.lines;
  assert.ok(ada);
  bed.create(ada as Parameters<CoreBed["create"]>[0], SEALED);
  const sealed = mostSealedBlob(blobs.bytes);
  const cases = [
    [{ size: blobs.bytes }, "reserved"],
    [{ size: blobs.bytes + 1 }, "BLOB_TOO_BIG"],
    [{ size: sealed, room: SEALED }, "reserved"],
    [{ size: sealed + 1, room: SEALED }, "BLOB_TOO_BIG"],
    [{ size: sealed, peer: agent(4).id }, "reserved"],
    [{ size: sealed + 1, peer: agent(4).id }, "BLOB_TOO_BIG"],
  ] as const;
  for (const [more, said] of cases) {
    const claim = bed.claim(1, more as Partial<BlobClaim>);
    assert.equal(bed.outcome("reserve", claim), said, JSON.stringify(more));
  }
});

Deno.test("BlobRequests: quotas and rates are told with what they are", () => {
  const blobs = { ...CORE_SETTINGS.blobs, agentBytes: 100_000 };
  const bed = new BlobBed({ blobs, limits: LIMITED });
  bed.put(bed.claim(1, { size: 90_000 }));
  const over = bed.claim(1, { sha256: "cd".repeat(32) });
  const reply = bed.blob({ kind: "reserve", claim: over });
  assert.ok(reply?.kind === "refused" && reply.code === "BLOB_QUOTA");
  assert.match(`${reply.fields?.reason}`, /this agent's files/);
  const third = bed.blob({ kind: "find", claim: bed.claim(1, { size: 9 }) });
  assert.ok(third?.kind === "refused" && third.code === "RATE_LIMITED");
  assert.ok((third.retryAfterMs ?? 0) > 0);
});

Deno.test("BlobRequests: where no files are kept, and where none are taken for one agent", () => {
  const off = new BlobBed({ blobs: null });
  assert.equal(off.outcome("reserve", off.claim(1)), "BLOB_OFF");
  assert.equal(off.outcome("find", off.claim(1)), "BLOB_OFF");
  const noDirect = new BlobBed({ direct: false });
  const claim = noDirect.claim(1, { peer: agent(4).id });
  assert.equal(noDirect.outcome("reserve", claim), "BLOB_REFUSED");
});

Deno.test("BlobRequests: a store that fails is told as that, and so is a log that does not answer", () => {
  const bed = new BlobBed();
  bed.store.isBroken = true;
  assert.equal(bed.outcome("reserve", bed.claim(1)), "BLOB_STORAGE");
  bed.store.isBroken = false;
  bed.isHeld = true;
  const replies: BlobReply[] = [];
  bed.apply(bed.core.blob({
    kind: "reserve",
    claim: bed.claim(1),
    address: "1",
    onAnswer: (answer) => void replies.push(answer),
  }, bed.now));
  bed.pass(9_999);
  assert.equal(replies.length, 0);
  bed.pass(1);
  const [reply] = replies;
  assert.ok(reply?.kind === "refused" && reply.code === "BLOB_BUSY");
});
