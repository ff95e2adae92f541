import assert from "node:assert/strict";
import { churn, SOON_EMPTY } from "../scenarios/churn.ts";

// With its clock turned, tests/relay/shell/relay_server_test.ts sees every table of a relay emptied.

Deno.test("relay: after 24 rooms of 20 visitors, who leave or drop, its tables are back to where they were", async () => {
  const { before, after, sessions } = await churn({
    ...{ warmUpMs: 0, ms: 0, sessions: 24 },
    tables: SOON_EMPTY,
  });
  assert.equal(sessions, 24);
  for (const table of SOON_EMPTY) {
    assert.equal(after[table], before[table], table);
  }
});
