import assert from "node:assert/strict";
import { routeThrough } from "../../../lib/host/proxy_env.ts";

const PROXY = "http://p.example:3128";

function routed(
  before: Record<string, string>,
  proxy?: string,
): Record<string, string> {
  const env = new Map(Object.entries(before));
  routeThrough({
    get: (name) => env.get(name),
    set: (name, value) => void env.set(name, value),
    delete: (name) => void env.delete(name),
  }, proxy);
  return Object.fromEntries(env);
}

Deno.test("routeThrough: forgets every proxy of the environment", () => {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
  const all = [...names, ...names.map((name) => name.toLowerCase())];
  const after = routed(Object.fromEntries(all.map((name) => [name, PROXY])));
  assert.deepEqual(all.filter((name) => name in after), []);
  assert.match(after.NO_PROXY ?? "", /127\.0\.0\.1/);
});

Deno.test("routeThrough: a proxy that is named stands before all but loopback", () => {
  const after = routed({ HTTP_PROXY: "http://other", ALL_PROXY: "x" }, PROXY);
  const { HTTP_PROXY, HTTPS_PROXY, http_proxy, https_proxy } = after;
  assert.deepEqual(
    [HTTP_PROXY, HTTPS_PROXY, http_proxy, https_proxy],
    [PROXY, PROXY, PROXY, PROXY],
  );
  assert.equal("ALL_PROXY" in after, false);
  for (const host of ["127.0.0.1", "localhost", "::1"]) {
    assert.ok(after.NO_PROXY?.split(",").includes(host), host);
    assert.ok(after.no_proxy?.split(",").includes(host), host);
  }
});
