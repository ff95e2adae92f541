import assert from "node:assert/strict";
import { BlobRelay } from "../../../fakes/blob_relay.ts";
import { hashOf, manyBytes } from "../../../fakes/blob_peer.ts";
import { settle } from "../../../fakes/fake_clock.ts";
import { EXCHANGE } from "../../../../relay/shell/blobs/exchange.ts";
import { TRANSFERS } from "../../../../relay/shell/blobs/blob_counts.ts";

const TEA = { room: "tea" };

/** All that comes over a connection until it ends, also where it is reset. */
async function rest(connection: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder("latin1");
  let text = "";
  const buffer = new Uint8Array(65_536);
  try {
    for (;;) {
      const read = await connection.read(buffer);
      if (read === null) return text;
      text += decoder.decode(buffer.subarray(0, read), { stream: true });
    }
  } catch {
    return `${text}(reset)`;
  } finally {
    connection.close();
  }
}

function codeOf(answer: string): string {
  return /"code":"([A-Z_]+)"/.exec(answer)?.[1] ?? answer;
}

Deno.test("BlobRoutes: a file comes back as it was put, by its length or in chunks, with nothing of its sender's in the headers", async () => {
  await BlobRelay.use(async (bed) => {
    const bytes = manyBytes(300_000);
    const { status, body } = await bed.peer(1).put(bytes, TEA);
    assert.equal(status, 201);
    assert.deepEqual(body, {
      sha256: hashOf(bytes),
      size: bytes.length,
      until: bed.clock.wall() + 7 * 24 * 3_600_000,
    });
    const stream = new Blob([bytes.slice(0, 1), bytes.slice(1)]).stream();
    const again = await bed.peer(2).put(bytes, TEA, { body: stream });
    assert.equal(again.status, 201, JSON.stringify(again.body));
    assert.deepEqual(bed.names(), [hashOf(bytes)]);
    const claim = bed.peer(2).claim("get", bytes, TEA);
    const response = await fetch(bed.peer(2).url(claim.sha256), {
      headers: { authorization: await bed.peer(2).header(claim) },
    });
    const got = new Uint8Array(await response.arrayBuffer());
    assert.equal(hashOf(got), hashOf(bytes));
    const headers = Object.fromEntries(response.headers);
    assert.deepEqual(headers, {
      "cache-control": "no-store",
      connection: "close",
      "content-disposition": "attachment",
      "content-length": `${bytes.length}`,
      "content-security-policy": "sandbox; default-src 'none'",
      "content-type": "application/octet-stream",
      "cross-origin-resource-policy": "same-origin",
      "x-blob-until": `${body.until}`,
      "x-content-type-options": "nosniff",
    });
    const head = await bed.peer(2).ask("HEAD", claim);
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-length"), `${bytes.length}`);
  });
});

Deno.test("BlobRoutes: a token is for one thing alone", async () => {
  await BlobRelay.use(async (bed) => {
    const bytes = manyBytes(10);
    const ada = bed.peer(1);
    await ada.put(bytes, TEA);
    const get = ada.claim("get", bytes, TEA);
    const put = ada.claim("put", bytes, TEA);
    const token = await ada.header(get);
    const tries: [string, string, string | undefined][] = [
      ["PUT", get.sha256, token],
      ["GET", get.sha256, await ada.header(put)],
      ["GET", "ab".repeat(32), token],
      ["GET", get.sha256, undefined],
      ["GET", get.sha256, token.replace("AgentNet-Blob", "Bearer")],
      ["GET", get.sha256, `${token}A`],
      ["GET", get.sha256.toUpperCase(), token],
    ];
    for (const [method, hash, authorization] of tries) {
      const response = await fetch(ada.url(hash), {
        method,
        headers: authorization === undefined ? {} : { authorization },
        ...(method === "PUT" ? { body: bytes } : {}),
      });
      const { code } = await response.json();
      assert.deepEqual([response.status, code], [401, "BLOB_TOKEN"]);
    }
    const other = await fetch(ada.url(get.sha256), { method: "DELETE" });
    assert.equal(other.status, 405);
    await other.body?.cancel();
    await bed.pass(60);
    const late = await fetch(ada.url(get.sha256), {
      headers: { authorization: token },
    });
    assert.equal((await late.json()).code, "BLOB_TOKEN");
  });
});

Deno.test("BlobRoutes: other bytes than were claimed leave nothing, and take no place", async () => {
  await BlobRelay.use(async (bed) => {
    const bytes = manyBytes(1_000);
    const wrong = [
      manyBytes(1_000),
      manyBytes(999),
      manyBytes(1_001),
      new Blob([manyBytes(1_001)]).stream(),
      new Blob([manyBytes(999)]).stream(),
      new Blob([manyBytes(90_000)]).stream(),
    ];
    for (const body of wrong) {
      const told = await bed.peer(1).put(bytes, TEA, { body });
      assert.deepEqual([told.status, told.body.code], [422, "BLOB_MISMATCH"]);
    }
    while (bed.names().length > 0) await settle();
    const found = await bed.peer(2).get(bytes, TEA);
    assert.ok(!(found instanceof Uint8Array));
    assert.equal(found.body.code, "BLOB_NOT_FOUND");
  });
});

Deno.test("BlobRoutes: an upload that is cut, or stands still, leaves nothing; what moves slowly is waited for", async () => {
  await BlobRelay.use(async (bed) => {
    const bytes = manyBytes(1_000);
    const ada = bed.peer(1);
    const length = `content-length: ${bytes.length}`;
    const open = () => ada.raw("PUT", ada.claim("put", bytes, TEA), [length]);

    const cut = await open();
    await cut.write(bytes.subarray(0, 500));
    await bed.untilTaken(500);
    assert.equal(bed.names().length, 1);
    cut.close();
    while (bed.names().length > 0) await settle();

    const still = await open();
    await still.write(bytes.subarray(0, 500));
    await bed.untilTaken(500);
    const answer = rest(still);
    await bed.pass(EXCHANGE.idleMs / 1000 + 2);
    assert.equal(codeOf(await answer), "BLOB_CUT");
    while (bed.names().length > 0) await settle();

    const slow = await open();
    const said = rest(slow);
    for (let at = 0; at < bytes.length; at += 250) {
      await slow.write(bytes.subarray(at, at + 250));
      await bed.untilTaken(250);
      await bed.pass(5);
    }
    await bed.pass(1);
    assert.match(await said, /^HTTP\/1\.1 201 /);
    assert.deepEqual(bed.names(), [hashOf(bytes)]);
  });
});

Deno.test("BlobRoutes: half a connection that ends in the middle is told so", async () => {
  await BlobRelay.use(async (bed) => {
    const bytes = manyBytes(1_000);
    const ada = bed.peer(1);
    const line = await ada.raw("PUT", ada.claim("put", bytes, TEA), [
      `content-length: ${bytes.length}`,
    ]);
    await line.write(bytes.subarray(0, 10));
    await line.closeWrite();
    assert.equal(codeOf(await rest(line)), "BLOB_CUT");
  });
});

Deno.test("BlobRoutes: an agent moves so many at once; the place of one that ends is free", async () => {
  await BlobRelay.use(async (bed) => {
    const ada = bed.peer(1);
    const lines = [];
    for (let n = 0; n < TRANSFERS.agent; n++) {
      const claim = ada.claim("put", manyBytes(100), TEA);
      lines.push(await ada.raw("PUT", claim, ["content-length: 100"]));
      while (bed.names().length <= n) await settle();
    }
    const more = manyBytes(10);
    const told = await ada.put(more, TEA);
    assert.deepEqual([told.status, told.body.code], [503, "BLOB_BUSY"]);
    assert.equal(told.headers.get("retry-after"), "3");
    assert.equal((await bed.peer(2).put(more, TEA)).status, 201);
    lines[0]?.close();
    while (bed.names().length > TRANSFERS.agent) await settle();
    assert.equal((await ada.put(more, TEA)).status, 201);
    for (const line of lines.slice(1)) line.close();
  });
});

Deno.test("BlobRoutes: when the files' worker is started again, what is under way fails, and the next goes on", async () => {
  await BlobRelay.use(async (bed) => {
    const bytes = manyBytes(1_000);
    const ada = bed.peer(1);
    const line = await ada.raw("PUT", ada.claim("put", bytes, TEA), [
      `content-length: ${bytes.length}`,
    ]);
    await line.write(bytes.subarray(0, 10));
    while (bed.names().length === 0) await settle();
    await bed.startFiles();
    assert.equal(codeOf(await rest(line)), "BLOB_STORAGE");
    assert.equal((await ada.put(bytes, TEA)).status, 201);
  });
});

Deno.test("BlobSweep: what went by its time goes from the disk, and what is kept stays", async () => {
  await BlobRelay.use(async (bed) => {
    const [one, two] = [manyBytes(10), manyBytes(20)];
    await bed.peer(1).put(one, TEA);
    await bed.pass(2);
    await bed.peer(2).put(two, TEA);
    assert.equal(bed.names().length, 2);
    bed.store.expireBlobs(bed.clock.wall() + 7 * 24 * 3_600_000 - 1_000);
    while (bed.names().length > 1) await bed.pass(1);
    assert.deepEqual(bed.names(), [hashOf(two)]);
  });
});

Deno.test("BlobRoutes: what the relay keeps, and how long, is there for whoever asks", async () => {
  await BlobRelay.use(async (bed) => {
    const response = await fetch(bed.peer(1).url("").replace(/\/$/, ""));
    const { most_bytes, kept_ms } = await response.json();
    assert.deepEqual([most_bytes, kept_ms], [16_777_216, 604_800_000]);
  });
});
