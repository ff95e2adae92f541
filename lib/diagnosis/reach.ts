import { connect } from "../client/connection.ts";
import type { RelayUrl } from "../client/relay_url.ts";
import { Failure } from "../errors.ts";
import { FEATURES } from "../protocol/frames.ts";
import { fault, type Finding, ok, warning } from "./finding.ts";
import { throwawayLogin, type ThrowawayOptions } from "./throwaway_login.ts";

/** What the way to a relay is tried with. */
export type ReachOptions = ThrowawayOptions;

/** How long each step may take, in milliseconds. */
const STEP_MS = 10_000;
/** Past this the relay would soon refuse every signed frame (protocol.md section 4: 5 s ahead). */
const SKEW_MS = 4_000;

/**
 * Walks the way to a relay step by step: name, TCP, TLS, WebSocket with login, clock; the first that fails ends it.
 * The login is made with an identity drawn for it and thrown away: the agent's own session is not disturbed.
 */
export async function relayFindings(options: ReachOptions): Promise<Finding[]> {
  const found: Finding[] = [];
  const { hostname, port } = hostOf(options.relay);
  const steps: [string, string, () => Promise<string>][] = [
    [
      "name",
      "check the relay's name and this host's DNS",
      () => resolve(hostname),
    ],
    [
      "TCP",
      "check the address, the network and its firewalls; is the relay up?",
      () => tcp({ hostname, port }),
    ],
  ];
  if (options.relay.href.startsWith("wss:")) {
    steps.push([
      "TLS",
      "the certificate must fit the relay's name and be of a known authority",
      () => tls({ hostname, port }),
    ]);
  }
  for (const [name, fix, step] of steps) {
    const finding = await tried(name, fix, step);
    found.push(finding);
    if (finding.level === "fault") return found;
  }
  return [...found, ...await login(options)];
}

async function login(options: ReachOptions): Promise<Finding[]> {
  try {
    const connection = await connect(
      await throwawayLogin(options, {
        name: "doctor",
        features: FEATURES,
        signal: AbortSignal.timeout(4 * STEP_MS),
      }),
    );
    const skew = connection.clockSkewMs ?? 0;
    const features = [...connection.features].join(", ") || "none";
    connection.close();
    return [
      ok("login", `welcome at ${options.relay.href}; extensions: ${features}`),
      clockFinding(skew),
    ];
  } catch (error) {
    const { message, fix } = Failure.from(error);
    return [fault("login", message, fix)];
  }
}

function clockFinding(skewMs: number): Finding {
  const detail = `${(Math.abs(skewMs) / 1000).toFixed(1)} s ${
    skewMs >= 0 ? "ahead of" : "behind"
  } the relay's`;
  return Math.abs(skewMs) > SKEW_MS
    ? fault(
      "clock",
      `${detail}: it would refuse every signed frame`,
      "set this host's time (NTP)",
    )
    : ok("clock", detail);
}

async function tried(
  name: string,
  fix: string,
  step: () => Promise<string>,
): Promise<Finding> {
  try {
    return ok(name, await step());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fault(name, reason, fix);
  }
}

async function resolve(hostname: string): Promise<string> {
  if (/^[\d.]+$|^\[/.test(hostname) || hostname === "localhost") {
    return `${hostname} needs no name server`;
  }
  const results = await Promise.allSettled([
    Deno.resolveDns(hostname, "A"),
    Deno.resolveDns(hostname, "AAAA"),
  ]);
  const addresses = results.flatMap((result) =>
    result.status === "fulfilled" ? result.value : []
  );
  if (addresses.length > 0) return `${hostname} is ${addresses.join(", ")}`;
  throw new Error(`${hostname} has no address`);
}

async function tcp(
  to: { readonly hostname: string; readonly port: number },
): Promise<string> {
  using _connection = await Deno.connect({
    ...bare(to),
    signal: AbortSignal.timeout(STEP_MS),
  });
  return `${to.hostname} port ${to.port} answers`;
}

async function tls(
  to: { readonly hostname: string; readonly port: number },
): Promise<string> {
  using connection = await Deno.connectTls(bare(to));
  await connection.handshake();
  return `the certificate fits ${to.hostname}`;
}

/** Sockets want an IPv6 address without its brackets. */
function bare(
  { hostname, port }: { readonly hostname: string; readonly port: number },
) {
  return { hostname: hostname.replace(/^\[|\]$/g, ""), port };
}

function hostOf(relay: RelayUrl): { hostname: string; port: number } {
  const at = relay.hostPort.lastIndexOf(":");
  return {
    hostname: relay.hostPort.slice(0, at),
    port: Number(relay.hostPort.slice(at + 1)),
  };
}

/** What ws:// to another host, and proxies of the environment, mean. */
export function routeFindings(
  relay: RelayUrl,
  env: (name: string) => string | undefined,
): Finding[] {
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].filter((name) =>
    (env(name) ?? env(name.toLowerCase())) !== undefined
  );
  const named = env("AGENTNET_PROXY") !== undefined;
  const found: Finding[] = [];
  if (relay.isOpenOnTheWay) {
    found.push(
      warning(
        "encryption",
        "ws://: everybody on the way can read what is said",
        "use the relay's wss:// address",
      ),
    );
  }
  if (named) {
    found.push(
      ok(
        "proxy",
        "the way to the relay goes through AGENTNET_PROXY; loopback never does",
      ),
    );
  } else if (proxies.length > 0) {
    found.push(
      warning(
        "proxy",
        `${proxies.join(", ")} set, and not used by the daemon`,
        "set AGENTNET_PROXY if the relay can be reached through it alone",
      ),
    );
  } else found.push(ok("proxy", "none set"));
  return found;
}
