// Why a relay could not be dialled, in words. Pure.

import { Failure } from "../errors.ts";
import type { ProbeAnswer } from "./dial_probe.ts";
import { otherScheme, statusWords } from "./dial_status.ts";
import type { DialRoute, DialWords } from "./dial_words.ts";
import { relayText } from "./relay_text.ts";

/** What the runtime puts before the reason why a socket did not open. */
const RUNTIME_HEAD = /^(NetworkError: )?failed to connect to WebSocket: /i;
const STATUS = /^Invalid status code: (\d{3})$/;
const LOOK =
  "check the relay's address and port, and the firewalls on the way; is it up?";
const NOBODY = "nobody listens there, or the way is shut";
const CLOCK_OR_CERTIFICATE =
  "check this host's clock; else the relay's operator must mend it";

type Meaning = readonly [RegExp, DialWords];

/** Over wss://, where what listens may have no TLS. `{other}` is the address with the other scheme. */
const OVER_TLS: readonly Meaning[] = [
  [/InvalidContentType|corrupt message/, {
    reason: "what listens there speaks no TLS; try {other}",
    fix: `check the port; if the relay has no TLS there: --relay {other}`,
  }],
  [/handshake eof|unexpected end of file/, {
    reason: "the server hangs up at TLS, perhaps it has none; try {other}",
    fix: `check the port; if the relay has no TLS there: --relay {other}`,
  }],
];

/** Over ws://, where what listens may want TLS first. */
const WITHOUT_TLS: readonly Meaning[] = [
  [/^invalid HTTP| parsed$|message head is too large/, {
    reason: "what answers there speaks no HTTP, perhaps TLS; try {other}",
    fix: `check the port; if the relay has TLS there: --relay {other}`,
  }],
  [/^connection (error|closed)|unexpected eof|reset by peer|broken pipe/i, {
    reason:
      "the server hangs up without an answer, perhaps it wants TLS; try {other}",
    fix: `check the port; if the relay has TLS there: --relay {other}`,
  }],
];

/** What the runtime says, whether or not a proxy is on the way; the first that fits. */
const MEANINGS: readonly Meaning[] = [
  [/certificate.*UnknownIssuer/, {
    reason: "its certificate is of no authority that is known here",
    fix:
      "for an authority of your own set DENO_TLS_CA_STORE=system; else somebody may stand between",
  }],
  [/certificate.*expired/i, {
    reason: "its certificate has expired",
    fix: CLOCK_OR_CERTIFICATE,
  }],
  [/certificate.*not ?valid ?yet/i, {
    reason: "its certificate is not valid yet",
    fix: CLOCK_OR_CERTIFICATE,
  }],
  [/certificate.*not ?valid ?for ?name/i, {
    reason: "its certificate is for another name",
    fix: "name the relay as its certificate does",
  }],
  [
    /connection error|closed before message|unexpected eof|reset by peer|broken pipe/i,
    {
      reason: "the server hangs up without an answer",
      fix: "is it a relay? A firewall on the way may do the same",
    },
  ],
  [/^invalid HTTP| parsed$|message head is too large/, {
    reason: "what answers there speaks no HTTP",
    fix: "check the port of the relay's address",
  }],
];

const DIRECT: readonly Meaning[] = [
  [/^tcp connect error/, {
    reason: NOBODY,
    fix: "check the address, the network and its firewalls; is the relay up?",
  }],
  [/^dns error/, {
    reason: "the relay's name can't be resolved",
    fix: "check the relay's name and this host's DNS",
  }],
];

/** `{proxy}` is its host and port. */
const THROUGH_PROXY: readonly Meaning[] = [
  [/^proxy auth|^Invalid status code: 407$/, {
    reason: "the proxy {proxy} wants a user and a password",
    fix: "name it as http://USER:PASSWORD@{proxy} in AGENTNET_PROXY",
  }],
  [/^tcp connect error/, {
    reason: `the proxy {proxy} does not answer: ${NOBODY}`,
    fix: "check AGENTNET_PROXY",
  }],
  [/^dns error/, {
    reason: "the name of the proxy {proxy} can't be resolved",
    fix: "check AGENTNET_PROXY, and this host's DNS",
  }],
  [/eof while tunnel/, {
    reason: "the proxy {proxy} hangs up without an answer",
    fix: "check AGENTNET_PROXY: is it an HTTP proxy?",
  }],
  [/tunnel/, {
    reason: "the proxy {proxy} does not let this through to the relay",
    fix: "is the relay up? Else ask who runs the proxy to let it through",
  }],
];

/** What the runtime's WebSocket said, without what it puts before it. */
export function runtimeReason(text: string): string {
  return text.replace(RUNTIME_HEAD, "");
}

/**
 * Whether a second look can tell more than the runtime's WebSocket: over TLS that tells of its own second try, over
 * HTTP/2, whatever the server said to the first; and it never tells where a redirection leads.
 */
export function isWorthALook(url: string, said: string): boolean {
  if (/^(tcp connect|dns) error|^proxy auth|tunnel/.test(said)) return false;
  return url.startsWith("wss:") || /^Invalid status code: 3/.test(said);
}

/** Why a dial failed, of what the runtime said (without its head). */
export function dialFailure(route: DialRoute, said: string): Failure {
  const meanings = [
    ...route.proxy === undefined ? DIRECT : THROUGH_PROXY,
    ...route.url.startsWith("wss:") ? OVER_TLS : WITHOUT_TLS,
    ...MEANINGS,
  ];
  const found = meanings.find(([pattern]) => pattern.test(said));
  if (found !== undefined) return unreachable(found[1], route);
  const [, status] = STATUS.exec(said) ?? [];
  return unreachable(
    status === undefined
      ? { reason: relayText(said) || "the relay can't be reached", fix: LOOK }
      : statusWords(route, Number(status)),
    route,
  );
}

/** Why a dial failed, of what a second look found. */
export function probedFailure(route: DialRoute, answer: ProbeAnswer): Failure {
  if (answer.kind === "failed") return dialFailure(route, answer.reason);
  const { status, location } = answer;
  return status === 407 && route.proxy !== undefined
    ? dialFailure(route, `Invalid status code: ${status}`)
    : unreachable(statusWords(route, status, location), route);
}

/** Why a dial, or a step of one, was given up. */
export function lateFailure(route: DialRoute, seconds: number): Failure {
  const { proxy } = route;
  return proxy === undefined
    ? unreachable({ reason: `no answer within ${seconds} s`, fix: LOOK }, route)
    : unreachable({
      reason: `no answer within ${seconds} s through the proxy {proxy}`,
      fix: "check AGENTNET_PROXY; is the relay up? Else ask who runs the proxy",
    }, route);
}

function unreachable(
  words: DialWords,
  { url, proxy = "" }: DialRoute,
): Failure {
  const filled = Object.fromEntries(
    Object.entries(words).map(([name, text]) => [
      name,
      text.replaceAll("{proxy}", () => proxy)
        .replaceAll("{other}", () => otherScheme(url)),
    ]),
  );
  return new Failure("NOT_CONNECTED", { fields: filled });
}
