import assert from "node:assert/strict";
import { RelayPulse } from "../../../../relay/shell/watching/relay_pulse.ts";

Deno.test("RelayPulse.messagesAMinute: what was said in the last 60 seconds", () => {
  const pulse = new RelayPulse();
  for (let second = 0; second < 90; second++) pulse.said(second * 1_000);
  assert.equal(pulse.messagesAMinute(89_000), 60);
  assert.equal(pulse.messagesAMinute(119_000), 30);
  assert.equal(pulse.messagesAMinute(10 * 60_000), 0);
});

Deno.test("RelayPulse.commitMs: nothing before the first commit, then a running mean in milliseconds", () => {
  const pulse = new RelayPulse();
  assert.equal(pulse.commitMs, null);
  pulse.committed(0.01);
  assert.equal(pulse.commitMs, 10);
  pulse.committed(0.02);
  assert.equal(pulse.commitMs, 11);
});
