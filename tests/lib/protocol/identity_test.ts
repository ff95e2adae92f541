import assert from "node:assert/strict";
import { Identity } from "../../../lib/protocol/identity.ts";
import { goRelay } from "../../vectors/go_relay.ts";

const { seed_hex, private_key, agent_id } = goRelay.key;

async function reason(text: string): Promise<string> {
  const parsed = await Identity.parseKeyFile(text);
  assert.ok(!parsed.ok, "taken");
  return parsed.reason;
}

Deno.test("Identity: makes the id and the key file of the Go relay's vectors", async () => {
  const identity = await Identity.fromSeed(Uint8Array.fromHex(seed_hex));
  assert.equal(identity.id, agent_id);
  assert.deepEqual(JSON.parse(identity.toKeyFile()), { private_key });
});

Deno.test("Identity.parseKeyFile: reads what the Go client wrote, other fields and white space too", async () => {
  for (
    const text of [
      JSON.stringify({ private_key }),
      `\n{ "private_key" : "${private_key}", "x": 1 }\n`,
    ]
  ) {
    const parsed = await Identity.parseKeyFile(text);
    assert.ok(parsed.ok);
    assert.equal(parsed.identity.id, agent_id);
  }
});

Deno.test("Identity.parseKeyFile: says what is wrong and never what stands in the file", async () => {
  const halves = private_key.slice(0, -1) +
    (private_key.endsWith("2") ? "3" : "2");
  for (
    const text of [
      "",
      "not json",
      "null",
      "[]",
      "{}",
      '{"private_key":5}',
      JSON.stringify({ private_key: private_key.slice(0, 40) }),
      JSON.stringify({ private_key: private_key + private_key }),
      JSON.stringify({ private_key: "0OIl" + private_key.slice(4) }),
      JSON.stringify({ private_key: halves }),
    ]
  ) {
    assert.ok(!(await reason(text)).includes(private_key.slice(0, 8)), text);
  }
  assert.match(
    await reason(JSON.stringify({ private_key: halves })),
    /public half/,
  );
});

Deno.test("Identity.fromSeed: wants 32 bytes and keeps a copy of its own", async () => {
  for (const length of [0, 31, 33, 64]) {
    await assert.rejects(
      Identity.fromSeed(new Uint8Array(length)),
      RangeError,
    );
  }
  const seed = Uint8Array.fromHex(seed_hex);
  const identity = await Identity.fromSeed(seed);
  const before = await identity.sign(new Uint8Array([1]));
  seed.fill(0);
  assert.deepEqual(await identity.sign(new Uint8Array([1])), before);
});

Deno.test("Identity: shows neither seed nor key when it is printed or made JSON", async () => {
  const identity = await Identity.fromSeed(Uint8Array.fromHex(seed_hex));
  const shown = JSON.stringify(identity) + Deno.inspect(identity);
  assert.ok(!shown.includes(private_key) && !shown.includes(seed_hex));
  assert.ok(!shown.includes("250, 89, 100, 106"));
});
