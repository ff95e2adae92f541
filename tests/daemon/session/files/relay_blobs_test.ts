import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { relayBlobs } from "../../../../daemon/session/files/relay_blobs.ts";
import type { OwnBlobClaim } from "../../../../lib/blobs/blob_token.ts";
import { joined } from "../../../../lib/protocol/byte_layout.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { roomName } from "../../../fakes/plain.ts";

const sha256 = "ab".repeat(32);
const blob = { scope: { room: roomName("tea") }, sha256, size: 6 };
const { signal } = new AbortController();

/** A relay that answers so, and what it was asked. */
function at(answer: (init: RequestInit) => Response | Promise<Response>) {
  const asked: { url: string; init: RequestInit }[] = [];
  const claims: OwnBlobClaim[] = [];
  const clock = new FakeClock();
  const blobs = relayBlobs({
    relayUrl: () => "wss://relay.example.org:8443/v1/ws",
    fetch: async (url, init) => {
      asked.push({ url, init });
      return await answer(init);
    },
    token: (claim) => {
      claims.push(claim);
      return Promise.resolve("a-token");
    },
    clock,
  });
  return { asked, claims, clock, blobs };
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Uint8Array.of(1, 2, 3));
  yield Uint8Array.of(4, 5, 6);
}

const error = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status });

Deno.test("relayBlobs: puts at the relay's own host, with a token for just these bytes", async () => {
  let body: Uint8Array = new Uint8Array();
  const { blobs, asked, claims, clock } = at(async ({ body: sent }) => {
    body = joined(...await Array.fromAsync(sent as ReadableStream));
    return new Response('{"until":77}', { status: 201 });
  });
  strictEqual(await blobs.put(blob, pieces(), signal), 77);
  deepStrictEqual([...body], [1, 2, 3, 4, 5, 6]);
  const [{ url, init } = { url: "", init: {} }] = asked;
  strictEqual(url, `https://relay.example.org:8443/api/blobs/${sha256}`);
  strictEqual(init.redirect, "error");
  deepStrictEqual(init.headers, {
    authorization: "AgentNet-Blob a-token",
    "content-type": "application/octet-stream",
  });
  deepStrictEqual(claims, [{
    ...{ action: "put", room: "tea", sha256, size: 6 },
    ...{ relay: "relay.example.org:8443", at: clock.wall() },
  }]);
});

Deno.test("relayBlobs: gets no more than the size", async () => {
  const { blobs } = at(() => new Response(new Uint8Array(6)));
  strictEqual(
    joined(...await Array.fromAsync(blobs.get(blob, signal))).length,
    6,
  );
  const longer = at(() => new Response(new Uint8Array(7)));
  await rejects(Array.fromAsync(longer.blobs.get(blob, signal)), {
    code: "FILE_ALTERED",
  });
});

Deno.test("relayBlobs: each answer that is no file is its own failure, and its words are bounded and harmless", async () => {
  const hostile = "\u001b[31m" + "x".repeat(9_000);
  for (
    const [answer, code, ms] of [
      [error(429, { code: "BLOB_QUOTA", error: hostile }), "BLOB_QUOTA"],
      [error(503, { code: "BLOB_BUSY", error: "x" }), "BLOB_BUSY", 5_000],
      [
        error(429, { code: "RATE_LIMITED", retry_after_ms: 9_000 }),
        "RATE_LIMITED",
        9_000,
      ],
      [
        error(429, { code: "RATE_LIMITED", retry_after_ms: 1e15 }),
        "RATE_LIMITED",
        3_600_000,
      ],
      [error(404, { code: "BLOB_NOT_FOUND" }), "BLOB_NOT_FOUND"],
      [error(403, { code: "NO_DAEMON", error: "x" }), "RELAY_REFUSED"],
      [new Response("404 page not found", { status: 404 }), "BLOB_OFF"],
      [new Response("[1]", { status: 500 }), "RELAY_REFUSED"],
    ] as const
  ) {
    const { blobs } = at(() => answer);
    await rejects(
      Array.fromAsync(blobs.get(blob, signal)),
      (failure: Error & { code?: string; retryAfterMs?: number }) =>
        failure.code === code && failure.retryAfterMs === ms &&
        failure.message.length < 400 && !failure.message.includes("\u001b"),
      code,
    );
  }
});

Deno.test("relayBlobs: what breaks off or does not move any more is no connection", async () => {
  const torn = new ReadableStream({
    start(controller) {
      controller.enqueue(Uint8Array.of(1));
      controller.error(new Error("reset"));
    },
  });
  const broken = at(() => new Response(torn));
  await rejects(Array.fromAsync(broken.blobs.get(blob, signal)), {
    code: "NOT_CONNECTED",
  });
  const hung = at(({ signal: ends }) =>
    new Promise((_, reject) =>
      ends?.addEventListener("abort", () => reject(ends.reason))
    )
  );
  const getting = Array.fromAsync(hung.blobs.get(blob, signal));
  const seen = rejects(getting, { code: "NOT_CONNECTED" });
  await hung.clock.advance(31_000);
  await seen;
  const odd = at(() => new Response('{"until":"x"}', { status: 201 }));
  await rejects(odd.blobs.put(blob, pieces(), signal), {
    code: "RELAY_REFUSED",
  });
});

Deno.test("relayBlobs: of an answer without an end no more is read than one has", async () => {
  for (const status of [201, 500]) {
    let given = 0;
    const endless = new ReadableStream({
      pull(controller) {
        given += 4_096;
        if (given > 2 ** 20) controller.close();
        else controller.enqueue(new Uint8Array(4_096).fill(0x20));
      },
    });
    const { blobs } = at(() => new Response(endless, { status }));
    await rejects(blobs.put(blob, pieces(), signal), { code: "RELAY_REFUSED" });
    ok(given < 100_000, `${given} bytes were read`);
  }
});
