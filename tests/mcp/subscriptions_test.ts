import assert from "node:assert/strict";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";
import { McpBed } from "../fakes/mcp_bed.ts";
import { someMessage, somePage } from "../fakes/api_values.ts";

const ANSWERS = { "GET messages": () => somePage([]) };
const INITIALIZED = { jsonrpc: "2.0", method: "notifications/initialized" };

const request = (method: string, params: unknown) => ({
  ...{ jsonrpc: "2.0", id: 1, method, params },
});
const initialize = request("initialize", {
  ...{ protocolVersion: "2025-06-18", capabilities: {} },
  clientInfo: { name: "host", version: "1" },
});

/** The methods of what is no answer. */
const notices = (told: readonly JSONRPCMessage[]) =>
  told.flatMap((one) => "method" in one ? [one.method] : []);

Deno.test("Subscriptions: nothing is told before the host is initialized; what came until then is told once it is", async () => {
  const { bed, told } = await McpBed.raw(ANSWERS);
  await using _ = bed;
  await bed.clock.advance(0);
  await bed.arrive([someMessage({ cursor: 9 })]);
  await bed.say(initialize);
  await bed.say(request("resources/subscribe", { uri: "agentnet://rooms" }));
  await bed.arrive([someMessage({ cursor: 10 })]);
  assert.deepEqual(notices(told), []);
  await bed.say(INITIALIZED);
  assert.deepEqual(notices(told), [
    "notifications/resources/updated",
    "notifications/message",
  ]);
  await bed.arrive([someMessage({ cursor: 11 })]);
  assert.equal(notices(told).length, 4);
  assert.deepEqual(bed.troubles, []);
});

Deno.test("Subscriptions: logging/setLevel keeps lower levels away, and subscriptions go on", async () => {
  const { bed, told } = await McpBed.raw(ANSWERS);
  await using _ = bed;
  await bed.say(initialize);
  await bed.say(INITIALIZED);
  await bed.say(request("resources/subscribe", { uri: "agentnet://rooms" }));
  for (
    const [level, logged] of [["warning", 0], ["info", 1], [
      "debug",
      1,
    ]] as const
  ) {
    told.length = 0;
    await bed.say(request("logging/setLevel", { level }));
    assert.ok(told[0] && "result" in told[0], level);
    await bed.arrive([someMessage()]);
    const seen = notices(told);
    assert.equal(
      seen.filter((one) => one === "notifications/message").length,
      logged,
      level,
    );
    assert.equal(seen.length, logged + 1, level);
  }
});

Deno.test("Subscriptions: a resource that there can't be, and one too many, are refused", async () => {
  const { bed, told } = await McpBed.raw(ANSWERS);
  await using _ = bed;
  const refused = async (uri: string) => {
    told.length = 0;
    await bed.say(request("resources/subscribe", { uri }));
    const [first] = told;
    return first && "error" in first ? first.error.message : null;
  };
  const odd = ["", "file:///etc/passwd", "agentnet://rooms/", "agentnet:x"];
  for (const uri of [...odd, "agentnet://rooms/TEA", "agentnet://rooms/a/b"]) {
    assert.match(await refused(uri) ?? "", /^no such resource; subscribe to /);
  }
  for (let i = 0; i < 200; i++) {
    assert.equal(await refused(`agentnet://rooms/room-${i}`), null);
  }
  assert.equal(await refused("agentnet://rooms/room-7"), null);
  assert.match(await refused("agentnet://rooms") ?? "", /^200 resources are /);
});
