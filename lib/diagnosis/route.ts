import type { RelayUrl } from "../client/relay_url.ts";
import { type Finding, ok, warning } from "./finding.ts";
import type { ProxyOnWay } from "./proxy_on_way.ts";

/** How the way to the relay was chosen. */
export interface RouteOptions {
  readonly relay: RelayUrl;
  /** Whether a proxy is named for the daemon. */
  readonly isProxyNamed: boolean;
  /** The one that stands between, if one does. */
  readonly proxy: ProxyOnWay | undefined;
  /** Variables of proxies that are set, and that the daemon does not follow. */
  readonly unused: readonly string[];
}

/** What ws:// to another host, and proxies of the environment, mean. */
export function routeFindings(options: RouteOptions): Finding[] {
  const { relay } = options;
  const open = warning(
    "encryption",
    "ws://: everybody on the way can read what is said",
    "use the relay's wss:// address",
  );
  return [...relay.isOpenOnTheWay ? [open] : [], proxyFinding(options)];
}

function proxyFinding(options: RouteOptions): Finding {
  const { relay, proxy, isProxyNamed, unused } = options;
  if (proxy !== undefined) {
    return ok(
      "proxy",
      `the way to the relay goes through ${proxy.shown} (AGENTNET_PROXY)`,
    );
  }
  if (isProxyNamed) {
    return ok(
      "proxy",
      `AGENTNET_PROXY is set, and ${relay.hostname} is reached without it (loopback, or NO_PROXY)`,
    );
  }
  return unused.length === 0 ? ok("proxy", "none set") : warning(
    "proxy",
    `${unused.join(", ")} set, and not used by the daemon`,
    "set AGENTNET_PROXY if the relay can be reached through it alone",
  );
}
