import { isListed, keepLoopbackDirect, type ProxyEnv } from "./no_proxy.ts";
import { urlOf, wrongSetting } from "./settings_readers.ts";

/** The environment, as far as whoever dials changes it. */
export interface DialEnv extends ProxyEnv {
  delete(name: string): void;
}

/** Variables by which programs are told of a proxy; small letters mean the same. */
export const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/**
 * Lets only the named proxy, if any, stand between this program and the relay, and nothing between it and loopback.
 * The runtime reads these variables at a thread's first request, `WebSocket` included, whatever the permissions of
 * that thread: call this before any worker starts.
 */
export function routeThrough(env: DialEnv, proxy: string | undefined): void {
  for (const name of PROXY_VARIABLES) {
    for (const variable of [name, name.toLowerCase()]) {
      if (proxy === undefined || name === "ALL_PROXY") env.delete(variable);
      else env.set(variable, proxy);
    }
  }
  keepLoopbackDirect(env);
}

/**
 * Reads a proxy's address: http:// or https://.
 *
 * @throws {Failure} USAGE; the text is not repeated, for a password may stand in it.
 */
export function parseProxy(text: string): string {
  const url = urlOf(text, ["http:", "https:"]);
  if (url !== null) return url;
  throw wrongSetting(
    "the proxy's address can't be read",
    "write it as http://proxy.example.org:3128",
  );
}

/**
 * The proxy on the way to a host, as it may be shown (host:port), or undefined where none is; to be asked after
 * `routeThrough`.
 *
 * @param hostname as in a URL, an IPv6 address in brackets.
 */
export function proxyBefore(
  env: ProxyEnv,
  hostname: string,
): string | undefined {
  const proxy = env.get("HTTPS_PROXY");
  if (proxy === undefined || isListed(env, hostname)) return undefined;
  const { hostname: name, port, protocol } = new URL(proxy);
  return `${name}:${port || (protocol === "https:" ? "443" : "80")}`;
}
