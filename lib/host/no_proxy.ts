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

/**
 * Whether NO_PROXY lists a host, as the runtime reads it: a name covers what is under it, `*` covers all names, an
 * address or a block of IPv4 addresses (CIDR) covers addresses; blocks of IPv6 are passed over.
 */
export function isListed(env: ProxyEnv, hostname: string): boolean {
  const host = bare(hostname);
  const listed = env.get("NO_PROXY") ?? env.get("no_proxy") ?? "";
  return listed.split(",").map((each) => bare(each.trim()))
    .some((entry) => entry !== "" && covers(entry, host));
}

function covers(entry: string, host: string): boolean {
  if (entry === host) return true;
  if (host.includes(":")) return false;
  const address = ipv4(host);
  if (address === null) {
    return entry === "*" || host.endsWith(`.${entry.replace(/^\./, "")}`);
  }
  const [base = "", bits = "32"] = entry.split("/");
  const first = ipv4(base);
  const size = 2 ** (32 - Number(bits));
  return first !== null &&
    Math.floor(first / size) === Math.floor(address / size);
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "").toLowerCase();
}

/** An IPv4 address as a number, or null. */
function ipv4(text: string): number | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
