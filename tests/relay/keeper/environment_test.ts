import assert from "node:assert/strict";
import type { Failure } from "../../../lib/errors.ts";
import {
  namingVariable,
  RELAY_VARIABLES,
  withEnvironment,
} from "../../../relay/keeper/environment.ts";
import { parseRelayOptions } from "../../../relay/keeper/relay_settings.ts";

const env = (set: Record<string, string>) => (name: string) => set[name];

Deno.test("RELAY_VARIABLES: each is named for its flag", () => {
  for (const [flag, variable] of Object.entries(RELAY_VARIABLES)) {
    const words = flag.replace(/[A-Z]/g, (letter) => `_${letter}`);
    assert.equal(variable, `AGENTNET_RELAY_${words.toUpperCase()}`);
  }
});

Deno.test("withEnvironment: a flag wins, an empty variable is none, a switch is on or off", () => {
  const set = env({
    AGENTNET_RELAY_LISTEN: "127.0.0.1:1",
    AGENTNET_RELAY_HISTORY: "off",
    AGENTNET_RELAY_DENY: "",
    AGENTNET_RELAY_REQUIRE_ORIGIN: "1",
  });
  const typed = { listen: "127.0.0.1:2", retain: undefined };
  assert.deepEqual(withEnvironment(typed, set), {
    listen: "127.0.0.1:2",
    history: "off",
    requireOrigin: true,
  });
  assert.throws(
    () =>
      withEnvironment({}, env({ AGENTNET_RELAY_REQUIRE_ORIGIN: "perhaps" })),
    /AGENTNET_RELAY_REQUIRE_ORIGIN/,
  );
});

Deno.test("namingVariable: a fault names what the operator wrote, flag or variable", () => {
  const faultOf = (flags: Parameters<typeof parseRelayOptions>[0]) => {
    try {
      parseRelayOptions(flags, "/home/x");
    } catch (thrown) {
      return thrown as Failure;
    }
    throw new Error("no fault");
  };
  const fault = faultOf({ joinAge: "5" });
  assert.match(namingVariable(fault, {}).message, /^AGENTNET_RELAY_JOIN_AGE 5/);
  assert.equal(namingVariable(fault, {}).exitCode, 2);
  assert.match(namingVariable(fault, { joinAge: "5" }).message, /^--join-age/);
});
