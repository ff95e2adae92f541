import assert from "node:assert/strict";
import type { BlobQuotas } from "../../../relay/store/blob_contract.ts";
import type {
  StoreAnswer,
  StoreRequest,
} from "../../../relay/store/contract.ts";
import { StoreRig } from "../../fakes/store_rig.ts";

const ROOMY: BlobQuotas = {
  agentBytes: 2 ** 40,
  addressBytes: 2 ** 40,
  scopeBytes: 2 ** 40,
  totalBytes: 2 ** 40,
};
const KB64 = 65_536;
const HOUR = 3_600_000;

interface Place {
  readonly id: string;
  readonly owner?: string;
  readonly address?: string;
  readonly scope?: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly until?: number;
  readonly quotas?: Partial<BlobQuotas>;
}

type Without<T> = T extends unknown ? Omit<T, "token"> : never;

async function ask(
  rig: StoreRig,
  request: Without<StoreRequest>,
): Promise<StoreAnswer> {
  return await rig.one({ ...request, token: rig.token() } as StoreRequest);
}

async function reserve(rig: StoreRig, place: Place): Promise<string> {
  const answer = await ask(rig, {
    kind: "blob_reserved",
    owner: "ada",
    address: "1",
    scope: "room tea",
    sha256: "aa",
    size: 10,
    until: rig.clock.wall() + HOUR,
    ...place,
    quotas: { ...ROOMY, ...place.quotas },
  });
  return answer.kind === "failed" ? answer.reason : answer.kind;
}

async function keep(rig: StoreRig, id: string, ms = HOUR): Promise<string> {
  const until = rig.clock.wall() + ms;
  return (await ask(rig, { kind: "blob_kept", id, until })).kind;
}

async function find(
  rig: StoreRig,
  { scope = "room tea", sha256 = "aa", size = 10 }: Partial<Place> = {},
): Promise<string | null> {
  const at = rig.clock.wall();
  const answer = await ask(rig, { kind: "blob", scope, sha256, size, at });
  assert.ok(answer.kind === "blob");
  return answer.blob?.id ?? null;
}

async function total(rig: StoreRig): Promise<[number, number]> {
  const read = { kind: "blobs_known", hashes: [], ids: [] } as const;
  const answer = await ask(rig, read);
  assert.ok(answer.kind === "blobs_known");
  return [answer.files, answer.bytes];
}

Deno.test("BlobRows: a file is there once it is kept, for its scope, hash and size alone", async () => {
  await StoreRig.use({}, async (rig) => {
    assert.equal(await reserve(rig, { id: "1" }), "stored");
    assert.equal(await find(rig), null);
    assert.equal(await keep(rig, "1"), "stored");
    assert.equal(await find(rig), "1");
    assert.equal(await find(rig, { scope: "room jam" }), null);
    assert.equal(await find(rig, { sha256: "ab" }), null);
    assert.equal(await find(rig, { size: 11 }), null);
    rig.restart();
    assert.equal(await find(rig), "1");
  });
});

Deno.test("BlobRows: a place that was given back, or was never held, can't be kept", async () => {
  await StoreRig.use({}, async (rig) => {
    await reserve(rig, { id: "1" });
    await ask(rig, { kind: "blob_dropped", id: "1" });
    assert.equal(await keep(rig, "1"), "failed");
    assert.equal(await keep(rig, "2"), "failed");
    assert.deepEqual(await total(rig), [0, 0]);
    await reserve(rig, { id: "3" });
    await keep(rig, "3");
    await ask(rig, { kind: "blob_dropped", id: "3" });
    assert.equal(await find(rig), "3");
  });
});

Deno.test("BlobRows: each quota is exact, counts places too, and names itself", async () => {
  const size = 100_000;
  const others: Readonly<Record<keyof BlobQuotas, Omit<Place, "id">>> = {
    agentBytes: { address: "2", scope: "room jam" },
    addressBytes: { owner: "bea", scope: "room jam" },
    scopeBytes: { owner: "bea", address: "2" },
    totalBytes: { owner: "bea", address: "2", scope: "room jam" },
  };
  for (const [quota, other] of Object.entries(others)) {
    await StoreRig.use({}, async (rig) => {
      await reserve(rig, { id: "1", size });
      const more = { ...other, sha256: "bb", size };
      const quotas = { [quota]: 2 * size - 1 };
      assert.equal(await reserve(rig, { ...more, id: "2", quotas }), quota);
      const enough = { [quota]: 2 * size };
      const place = { ...more, id: "2", quotas: enough };
      assert.equal(await reserve(rig, place), "stored");
    });
  }
});

Deno.test("BlobRows: a small file counts as 64 KB; the same bytes again, by the same agent for the same room, take their own place over", async () => {
  await StoreRig.use({}, async (rig) => {
    await reserve(rig, { id: "1", size: 0 });
    await keep(rig, "1", HOUR);
    assert.deepEqual(await total(rig), [1, KB64]);
    const quotas = { agentBytes: KB64 };
    assert.equal(await reserve(rig, { id: "2", size: 0, quotas }), "stored");
    await keep(rig, "2", 2 * HOUR);
    assert.deepEqual(await total(rig), [1, KB64]);
    assert.equal(await find(rig, { size: 0 }), "2");
    const less = { agentBytes: 2 * KB64 - 1 };
    const more = { id: "4", sha256: "bb", size: 0, quotas: less };
    assert.equal(await reserve(rig, more), "agentBytes");
    // Of another agent it counts for that one.
    const bea = { id: "3", owner: "bea", size: 0, quotas };
    assert.equal(await reserve(rig, bea), "stored");
    await keep(rig, "3");
    assert.deepEqual(await total(rig), [2, 2 * KB64]);
  });
});

Deno.test("BlobRows: files end with their room, and with a later one of its name none comes back", async () => {
  await StoreRig.use({}, async (rig) => {
    await rig.ask([rig.opened("tea")]);
    await reserve(rig, { id: "1" });
    await keep(rig, "1");
    await reserve(rig, { id: "2", scope: "pair a b" });
    await keep(rig, "2");
    await ask(rig, { kind: "room_ended", room: "tea" });
    assert.equal(await find(rig), null);
    assert.equal(await find(rig, { scope: "pair a b" }), "2");
    await reserve(rig, { id: "3" });
    await keep(rig, "3");
    await rig.ask([rig.opened("tea")]);
    assert.equal(await find(rig), null);
  });
});

Deno.test("BlobRows: what is kept goes by its time, and so does a place that nobody came for", async () => {
  await StoreRig.use({}, async (rig) => {
    await reserve(rig, { id: "1", until: rig.clock.wall() + 60_000 });
    await reserve(rig, { id: "2", sha256: "bb" });
    await keep(rig, "2", 120_000);
    await rig.clock.advance(59_000);
    assert.equal((await total(rig))[0], 2);
    await rig.clock.advance(3_000);
    assert.equal((await total(rig))[0], 1);
    await rig.clock.advance(58_001);
    assert.equal(await find(rig, { sha256: "bb" }), null);
    await rig.clock.advance(3_000);
    assert.deepEqual(await total(rig), [0, 0]);
  });
});

Deno.test("BlobReads: of hashes and ids those that are anybody's, kept or held", async () => {
  await StoreRig.use({}, async (rig) => {
    await reserve(rig, { id: "1" });
    await reserve(rig, { id: "2", sha256: "bb" });
    await keep(rig, "2");
    const hashes = ["aa", "bb", "cc"];
    const answer = await ask(rig, {
      ...{ kind: "blobs_known", hashes },
      ids: ["1", "2", "3"],
    });
    assert.ok(answer.kind === "blobs_known");
    assert.deepEqual([answer.hashes, answer.ids], [["aa", "bb"], ["1", "2"]]);
  });
});
