/** The environment, as far as proxies go. */
export interface ProxyEnv {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

const LOOPBACK = ["127.0.0.0/8", "127.0.0.1", "localhost", "::1", "[::1]"];

/**
 * Puts loopback on NO_PROXY. With HTTP_PROXY set, as in many agents' containers, Deno sends even requests to
 * 127.0.0.1 to the proxy, the token with them and past `--allow-net`. It reads these variables once, at the first
 * request: call this before.
 */
export function keepLoopbackDirect(env: ProxyEnv): void {
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const listed = (env.get(name) ?? "").split(",").map((each) => each.trim())
      .filter((each) => each !== "");
    const missing = LOOPBACK.filter((host) => !listed.includes(host));
    if (missing.length > 0) env.set(name, [...listed, ...missing].join(","));
  }
}
