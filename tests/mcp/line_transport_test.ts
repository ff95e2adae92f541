import assert from "node:assert/strict";
import { FakeClock } from "../fakes/fake_clock.ts";
import { LineTransport } from "../../mcp/line_transport.ts";

/** A host's two ends: what it sends, and what it was sent. */
function host() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const clock = new FakeClock();
  const sent: unknown[] = [];
  let failure: Error | null = null;
  const transport = new LineTransport(clock, {
    input: readable,
    write: (bytes) => {
      if (failure) return Promise.reject(failure);
      sent.push(JSON.parse(new TextDecoder().decode(bytes)));
      return Promise.resolve();
    },
  });
  const heard: unknown[] = [];
  const errors: string[] = [];
  const closed = Promise.withResolvers<void>();
  transport.onmessage = (message) => heard.push(message);
  transport.onerror = (error) => errors.push(error.message);
  const state = { isClosed: false };
  transport.onclose = () => {
    state.isClosed = true;
    closed.resolve();
  };
  return {
    ...{
      state,
      transport,
      clock,
      heard,
      errors,
      sent,
      writer,
      closed: closed.promise,
    },
    write: (text: string) => writer.write(new TextEncoder().encode(text)),
    breakOutput: (error: Error) => failure = error,
  };
}

Deno.test("LineTransport: a line that is no JSON, no UTF-8 or too long is answered, and the next one is heard", async () => {
  const { transport, heard, sent, write, writer, closed } = host();
  await transport.start();
  await write("{not json\n");
  await writer.write(new Uint8Array([0x22, 0xff, 0x22, 0x0a]));
  await write("x".repeat(5_000_000));
  await write("\n\n  \r\n");
  await write('{"a":1}\r\n{"a":');
  await write("2}\n");
  await writer.close();
  await closed;
  assert.deepEqual(heard, [{ a: 1 }, { a: 2 }]);
  const refusals = sent as { id: unknown; error: { code: number } }[];
  assert.deepEqual(
    refusals.map(({ id, error }) => [id, error.code]),
    [[null, -32700], [null, -32700], [null, -32600]],
  );
});

Deno.test("LineTransport: at the end of the input what was asked is still answered, its last line without an end too", async () => {
  const { transport, clock, heard, write, writer, closed, state } = host();
  await transport.start();
  await write(
    '{"id":1,"method":"a"}\n{"method":"told"}\n{"id":2,"method":"b"}',
  );
  await writer.close();
  for (const id of [1, 2]) {
    await clock.advance(1);
    assert.equal(state.isClosed, false);
    await transport.send({ jsonrpc: "2.0", id, result: {} });
  }
  await closed;
  assert.equal(heard.length, 3);
});

Deno.test("LineTransport: at the end of the input an answer that does not come is not waited for", async () => {
  const { transport, clock, write, writer, closed } = host();
  await transport.start();
  await write('{"id":1,"method":"a"}\n');
  await writer.close();
  await clock.advance(2_000);
  await closed;
});

Deno.test("LineTransport: a reset connection is an end, another error of the input is told too", async () => {
  const reset = host();
  await reset.transport.start();
  await reset.writer.abort(new Deno.errors.ConnectionReset("gone"));
  await reset.closed;
  assert.deepEqual(reset.errors, []);

  const closed = host();
  await closed.transport.start();
  const noTerminal = Object.assign(new Error("Input/output error"), {
    code: "EIO",
  });
  await closed.writer.abort(noTerminal);
  await closed.closed;
  assert.deepEqual(closed.errors, []);

  const broken = host();
  await broken.transport.start();
  await broken.writer.abort(new Error("Is a directory (os error 21)"));
  await broken.closed;
  assert.deepEqual(broken.errors, [
    "can't read standard input: Is a directory (os error 21)",
  ]);
});

Deno.test("LineTransport: an answer that the host can't have rejects, and is the end", async () => {
  const { transport, breakOutput, closed } = host();
  await transport.start();
  breakOutput(new Deno.errors.BrokenPipe("gone"));
  const answer = { jsonrpc: "2.0", id: 1, result: {} } as const;
  await assert.rejects(transport.send(answer), /gone/);
  await closed;
});
