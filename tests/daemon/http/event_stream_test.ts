import assert from "node:assert/strict";
import { ApiRig } from "../../fakes/api_rig.ts";
import { message } from "../../fakes/fake_agent.ts";

async function readSome(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<string | null> {
  const { done, value } = await reader.read();
  return done ? null : new TextDecoder().decode(value);
}

Deno.test("eventStream: each message is an event with its cursor as id; comments keep it open", async () => {
  const rig = new ApiRig();
  const response = await rig.ask("/v2/events");
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body?.getReader();
  assert.ok(reader);
  assert.equal(await readSome(reader), ": open\n\n");
  const sent = message({ cursor: 7, text: "two\nlines\r\u2028" });
  for (const listener of rig.agent.listeners) listener(sent);
  const event = await readSome(reader) ?? "";
  const [, data] = /^id: 7\nevent: message\ndata: ([^\n]*)\n\n$/.exec(event) ??
    [];
  assert.deepEqual(JSON.parse(data ?? ""), sent);
  await rig.clock.advance(15_000);
  assert.equal(await readSome(reader), ": here\n\n");
  await reader.cancel();
  assert.equal(rig.agent.listeners.size, 0);
  assert.equal(rig.clock.pending, 0);
});

Deno.test("eventStream: a reader that does not read holds 256 KB at most, then is cut and told", async () => {
  const rig = new ApiRig();
  const response = await rig.ask("/v2/events");
  const large = message({ text: "x".repeat(30_000) });
  for (let i = 0; i < 100; i++) {
    for (const listener of [...rig.agent.listeners]) listener(large);
  }
  assert.equal(rig.agent.listeners.size, 0);
  const text = await response.text();
  assert.ok(text.length < 300 * 1024, `${text.length}`);
  assert.match(text, /event: lagging\ndata: \{\}\n\n$/);
  assert.equal(rig.clock.pending, 0);
});

Deno.test("eventStream: ends when the daemon stops", async () => {
  const rig = new ApiRig();
  const response = await rig.ask("/v2/events");
  rig.stopping.abort();
  assert.equal(await response.text(), ": open\n\n");
  assert.equal(rig.agent.listeners.size, 0);
});
