import { connect } from "../client/connection.ts";
import {
  dialFailure,
  lateFailure,
  probedFailure,
} from "../client/dial_failure.ts";
import type { DialProbe } from "../client/dial_probe.ts";
import type { DialRoute } from "../client/dial_words.ts";
import { Failure } from "../errors.ts";
import { FEATURES } from "../protocol/frames.ts";
import { fault, type Finding, ok } from "./finding.ts";
import type { ProxyOnWay } from "./proxy_on_way.ts";
import {
  type HostAndPort,
  resolveName,
  StepTooLate,
  tryTcp,
  tryTls,
} from "./sockets.ts";
import { throwawayLogin, type ThrowawayOptions } from "./throwaway_login.ts";

/** What the way to a relay is tried with. */
export interface ReachOptions extends Omit<ThrowawayOptions, "proxy"> {
  /** What the daemon would go through; the environment of this process must say the same. */
  readonly proxy: ProxyOnWay | undefined;
  /** Looks at the relay by the way that a dial takes. */
  readonly probe: DialProbe;
}

/** A name, what to do when it fails, and the step itself, which returns what it found. */
type Step = readonly [name: string, fix: string, () => Promise<string>];

/** How long the dial and its second look, the login and its proof of work may take together, in milliseconds. */
const LOGIN_MS = 50_000;
/** How long a look through a proxy may take, in milliseconds. */
const LOOK_MS = 10_000;
/** Past this the relay would soon refuse every signed frame (protocol.md section 4: 5 s ahead). */
const SKEW_MS = 4_000;

/**
 * Walks the way to a relay step by step: name, TCP, TLS, WebSocket with login, clock; behind a proxy first to that, and
 * then by its way. The first that fails ends it. The login is made with an identity drawn for it and thrown away: the
 * agent's own session is not disturbed.
 */
export async function relayFindings(options: ReachOptions): Promise<Finding[]> {
  const { proxy } = options;
  const steps = proxy === undefined
    ? directSteps(options)
    : proxiedSteps(options, proxy);
  const found: Finding[] = [];
  for (const step of steps) {
    const finding = await tried(step);
    found.push(finding);
    if (finding.level === "fault") return found;
  }
  return [...found, ...await login(options)];
}

function directSteps({ relay }: ReachOptions): Step[] {
  const route = { url: relay.href };
  const at = hostOf(relay.hostPort);
  const steps: Step[] = [
    [
      "name",
      "check the relay's name and this host's DNS",
      () => resolveName(at.hostname),
    ],
    [
      "TCP",
      "check the address, the network and its firewalls; is the relay up?",
      () => tryTcp(at),
    ],
  ];
  return relay.href.startsWith("wss:")
    ? [...steps, [
      "TLS",
      "",
      () => inDialWords(() => tryTls(at), route),
    ]]
    : steps;
}

/** A step that a dial takes too: what it fails of has a dial's words and cures. */
async function inDialWords(
  step: () => Promise<string>,
  route: DialRoute,
): Promise<string> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof StepTooLate) throw lateFailure(route, error.seconds);
    const said = error instanceof Error ? error.message : String(error);
    throw dialFailure(route, said);
  }
}

/** The relay's name is resolved by the proxy, and what lies behind it can be looked at through it alone. */
function proxiedSteps(options: ReachOptions, proxy: ProxyOnWay): Step[] {
  const { relay, probe } = options;
  const at = hostOf(proxy.shown);
  const isTls = new URL(proxy.url).protocol === "https:";
  return [
    [
      "to the proxy",
      "check AGENTNET_PROXY, and whether the proxy is up",
      () => isTls ? tryTls(at) : tryTcp(at),
    ],
    ["through the proxy", "", async () => {
      const limit = AbortSignal.timeout(LOOK_MS);
      const answer = await probe(relay.href, limit);
      if (answer.kind === "answered" && answer.status === 101) {
        return `${relay.hostPort} answers as a relay does`;
      }
      const route = { url: relay.href, proxy: proxy.shown };
      throw answer.kind === "failed" && limit.aborted
        ? lateFailure(route, LOOK_MS / 1000)
        : probedFailure(route, answer);
    }],
  ];
}

async function login(options: ReachOptions): Promise<Finding[]> {
  const { proxy, clock } = options;
  const limit = new AbortController();
  const timer = clock.after(LOGIN_MS, () => {
    const reason = `no login within ${LOGIN_MS / 1000} s`;
    limit.abort(new Failure("NOT_CONNECTED", { fields: { reason } }));
  });
  try {
    const connection = await connect(
      await throwawayLogin({ ...options, proxy: proxy?.shown }, {
        name: "doctor",
        features: FEATURES,
        signal: limit.signal,
      }),
    );
    const skew = connection.clockSkewMs ?? 0;
    const features = [...connection.features].join(", ") || "none";
    connection.close();
    return [
      ok(
        "login",
        `welcome at ${options.relay.href}; extensions: ${features}`,
      ),
      clockFinding(skew),
    ];
  } catch (error) {
    return [faultOf("login", error, "")];
  } finally {
    timer.cancel();
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

async function tried([name, fix, step]: Step): Promise<Finding> {
  try {
    return ok(name, await step());
  } catch (error) {
    return faultOf(name, error, fix);
  }
}

/** A failure brings its own cure; of another error its step knows it. */
function faultOf(name: string, error: unknown, fix: string): Finding {
  if (!(error instanceof Failure) && fix !== "") {
    const reason = error instanceof Error ? error.message : String(error);
    // The system's own number says nothing more.
    return fault(name, reason.replace(/ \(os error \d+\)$/, ""), fix);
  }
  const failure = Failure.from(error);
  const detail = failure.code === "NOT_CONNECTED"
    ? failure.reason ?? failure.message
    : failure.message;
  return fault(name, detail, failure.fix);
}

function hostOf(hostPort: string): HostAndPort {
  const at = hostPort.lastIndexOf(":");
  return {
    hostname: hostPort.slice(0, at),
    port: Number(hostPort.slice(at + 1)),
  };
}
