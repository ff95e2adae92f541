import assert from "node:assert/strict";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport";
import { DeferredReads } from "../../mcp/deferred_reads.ts";

/** A transport whose writer learns that a message is out when the test says so. */
function slowTransport() {
  const out = Promise.withResolvers<void>();
  const transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: () => out.promise,
  } satisfies Transport;
  return { transport: transport as Transport, isOut: out.resolve };
}

const RESULT = { jsonrpc: "2.0", id: 1, result: {} } as const;

Deno.test("DeferredReads done: waits for the mark of a result that went out, whose writer does not know it yet", async () => {
  const done: string[] = [];
  const reads = new DeferredReads((error) => done.push(String(error)));
  const { transport, isOut } = slowTransport();
  reads.watch(transport);
  const { signal } = new AbortController();
  reads.after({ requestId: 1, signal }, () => {
    done.push("marked");
    return Promise.resolve();
  });
  const sent = transport.send(RESULT);
  const waited = reads.done().then(() => done.push("asked again"));
  await Promise.resolve();
  assert.deepEqual(done, []);
  isOut();
  await Promise.all([sent, waited]);
  assert.deepEqual(done, ["marked", "asked again"]);
});

Deno.test("DeferredReads: what could not be sent marks nothing, and keeps nobody waiting", async () => {
  const marked: number[] = [];
  const reads = new DeferredReads(() => {});
  const { transport } = slowTransport();
  const gone: Transport = {
    ...transport,
    send: () => Promise.reject(new Error("gone")),
  };
  reads.watch(gone);
  const { signal } = new AbortController();
  reads.after({ requestId: 1, signal }, () => {
    marked.push(1);
    return Promise.resolve();
  });
  await assert.rejects(gone.send(RESULT), /gone/);
  await reads.done();
  assert.deepEqual(marked, []);
});
