import assert from "node:assert/strict";
import {
  parseProxy,
  proxyBefore,
  routeThrough,
} from "../../../lib/host/proxy_env.ts";

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

/** The proxy that is shown for a host. */
function before(
  hostname: string,
  { proxy, noProxy }: { proxy?: string; noProxy?: string },
): string | undefined {
  const env = new Map(Object.entries({ NO_PROXY: noProxy ?? "" }));
  const access = {
    get: (name: string) => env.get(name),
    set: (name: string, value: string) => void env.set(name, value),
    delete: (name: string) => void env.delete(name),
  };
  routeThrough(access, proxy === undefined ? undefined : parseProxy(proxy));
  return proxyBefore(access, hostname);
}

Deno.test("proxyBefore: the proxy's host and port, never its password", () => {
  for (
    const [proxy, shown] of [
      ["http://p.example:3128", "p.example:3128"],
      ["http://p.example", "p.example:80"],
      ["https://u:secret@p.example/", "p.example:443"],
      ["http://[fd00::1]:8080", "[fd00::1]:8080"],
    ] as const
  ) assert.equal(before("relay.example", { proxy }), shown);
  assert.equal(before("relay.example", {}), undefined);
});

Deno.test("proxyBefore: none for loopback and what NO_PROXY lists", () => {
  const proxy = "http://p.example:3128";
  const noProxy = " relay.example, .inner.example,10.1.0.0/16,192.0.2.1";
  for (
    const [host, isDirect] of [
      ["127.0.0.1", true],
      ["127.9.9.9", true],
      ["localhost", true],
      ["[::1]", true],
      ["relay.example", true],
      ["a.relay.example", true],
      ["a.inner.example", true],
      ["10.1.255.1", true],
      ["192.0.2.1", true],
      ["10.2.0.1", false],
      ["192.0.2.10", false],
      ["myrelay.example", false],
      ["[fd00::1]", false],
      ["128.0.0.1", false],
    ] as const
  ) {
    const found = before(host, { proxy, noProxy });
    assert.equal(found === undefined, isDirect, host);
  }
  assert.equal(before("relay.example", { proxy, noProxy: "*" }), undefined);
});

Deno.test("parseProxy: http:// and https:// alone; a text that can't be read is not repeated", () => {
  assert.equal(parseProxy("http://p.example:3128"), "http://p.example:3128/");
  for (const text of ["p.example:3128", "socks5://p", "secret@p", ""]) {
    assert.throws(
      () => parseProxy(text),
      (error: Error) =>
        !error.message.includes("secret") &&
        /proxy's address/.test(error.message),
    );
  }
});
