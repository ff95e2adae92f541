import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { type BodyLimits, readJsonBody } from "../../../lib/host/json_body.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const LIMITS: BodyLimits = {
  mostBytes: 64,
  withinMs: 5_000,
  tooLarge: () => new Failure("BODY_TOO_LARGE"),
};

function read(body: BodyInit | null, headers: Record<string, string> = {}) {
  const clock = new FakeClock();
  const request = new Request("http://x/", { method: "POST", body, headers });
  return { clock, value: readJsonBody(request, LIMITS, clock) };
}

const failsAs = (code: string, says = /./) => (error: unknown) =>
  error instanceof Failure && error.code === code && says.test(error.message);

Deno.test("readJsonBody: JSON up to the bound, and nothing is {}", async () => {
  const fits = JSON.stringify("x".repeat(62));
  assert.equal(await read(fits).value, "x".repeat(62));
  for (const none of [null, ""]) assert.deepEqual(await read(none).value, {});
});

Deno.test("readJsonBody: what is no JSON, or no UTF-8, is refused in words", async () => {
  await assert.rejects(
    read("{").value,
    failsAs("REQUEST_INVALID", /is not JSON/),
  );
  await assert.rejects(
    read(new Uint8Array([0x22, 0xff, 0x22])).value,
    failsAs("REQUEST_INVALID", /is not UTF-8/),
  );
});

Deno.test("readJsonBody: one byte over the bound, or said to be, is too large; one without end is not read on", async () => {
  const over = JSON.stringify("x".repeat(63));
  await assert.rejects(read(over).value, failsAs("BODY_TOO_LARGE"));
  await assert.rejects(
    read("{}", { "content-length": "65" }).value,
    failsAs("BODY_TOO_LARGE"),
  );
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 16;
      controller.enqueue(new Uint8Array(16).fill(32));
    },
  });
  await assert.rejects(read(endless).value, failsAs("BODY_TOO_LARGE"));
  assert.ok(pulled <= 128, `${pulled} bytes were taken`);
});

Deno.test("readJsonBody: one that stalls is given up in time, one that breaks off at once", async () => {
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([123])),
  });
  const { clock, value } = read(stalled);
  const refused = assert.rejects(
    value,
    failsAs("REQUEST_INVALID", /did not come within 5 s/),
  );
  await clock.advance(5_000);
  await refused;
  assert.equal(clock.pending, 0);
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error("reset")),
  });
  await assert.rejects(
    read(broken).value,
    failsAs("REQUEST_INVALID", /broke off/),
  );
});
