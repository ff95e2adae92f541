import assert from "node:assert/strict";
import { daemonFinding } from "../../../lib/diagnosis/daemon_finding.ts";
import { someStatus } from "../../fakes/api_values.ts";

const TWO =
  "two daemons use this key: what one of them says in private rooms the other does not know; end one of them";

Deno.test("daemonFinding: two daemons with one key are a fault with its cure, whatever else is so", () => {
  for (const connected of [true, false]) {
    const status = someStatus({ connected, warnings: ["another", TWO] });
    assert.deepEqual(daemonFinding(status), {
      ...{ name: "daemon", level: "fault", detail: TWO },
      fix: "end the other one, on this host or on another",
    });
  }
});

Deno.test("daemonFinding: connected is ok, not connected a fault; another warning is none of it", () => {
  const fine = daemonFinding(someStatus({ warnings: ["the clock is off"] }));
  assert.equal(fine.level, "ok");
  const away = daemonFinding(someStatus({ connected: false }));
  assert.equal(away.level, "fault");
});
