import assert from "node:assert/strict";
import { churn } from "../scenarios/churn.ts";

const TABLES = [
  "connections",
  "agents",
  "rooms",
  "nonces",
  "ages",
  "limits",
  "failedLogins",
  "waiting",
  "sockets",
];

Deno.test("relay: after two minutes of logins, rooms and drops its tables are back to where they were", async () => {
  const { before, after, sessions } = await churn(120_000);
  assert.ok(sessions > 20, `only ${sessions} sessions`);
  for (const table of TABLES) assert.equal(after[table], before[table], table);
});
