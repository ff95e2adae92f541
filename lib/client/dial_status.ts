// What an HTTP status means where a relay answers 101. Pure.

import { WIRE } from "../protocol/limits.ts";
import type { DialRoute, DialWords } from "./dial_words.ts";
import { relayText } from "./relay_text.ts";

const CHECK_PATH = "check the path of the relay's address";
const NO_WEBSOCKET: DialWords = {
  reason: "{server} takes no WebSocket there",
  fix: CHECK_PATH,
};
const NO_RELAY: DialWords = {
  reason: "there is no relay at this path",
  fix: CHECK_PATH,
};
const GONE: DialWords = {
  reason: "the relay behind {server} is starting or gone",
  fix: "wait, it is tried again; if it stays, ask the relay's operator",
};
const WEB_PAGE: DialWords = {
  reason:
    "{server} has a web page there, perhaps a network's login page or a wrong path",
  fix: `open it in a browser, and ${CHECK_PATH}`,
};
const LOGIN_PAGE = "open a web page in a browser on this network, and log in";

const STATUSES: ReadonlyMap<number, DialWords> = new Map([
  [101, {
    reason: "{server} took the WebSocket only at a second look",
    fix: "wait, it is tried again",
  }],
  [400, NO_WEBSOCKET],
  [401, {
    reason: "{server} wants a password, and a relay wants none",
    fix: "check the relay's address",
  }],
  [403, {
    reason: "{server} refuses this host: blocked or banned",
    fix:
      "ask the relay's operator; a firewall or proxy on the way may do it too",
  }],
  [404, NO_RELAY],
  [405, NO_WEBSOCKET],
  [410, NO_RELAY],
  [426, NO_WEBSOCKET],
  [429, {
    reason: "{server} had too many tries from here",
    fix: "wait, it is tried again",
  }],
  [502, GONE],
  [503, GONE],
  [504, GONE],
  [511, { reason: "this network wants a login first", fix: LOGIN_PAGE }],
]);

/** Where a wrong path may be the cause. */
const OF_THE_PATH: readonly number[] = [400, 404, 405, 410, 426];

/** What a status other than a relay's 101 means; `location` is the header of that name. */
export function statusWords(
  route: DialRoute,
  status: number,
  location: string | null = null,
): DialWords {
  const { reason, fix } = bareWords(route, status, location);
  const server = route.proxy !== undefined && route.url.startsWith("ws:")
    ? `the server, or the proxy ${route.proxy},`
    : "the server";
  const filled = `${status}: ${reason.replace("{server}", server)}`;
  return fix === undefined ? { reason: filled } : { reason: filled, fix };
}

function bareWords(
  { url }: DialRoute,
  status: number,
  location: string | null,
): DialWords {
  const isPage = status >= 200 && status < 300;
  if (status >= 300 && status < 400) return redirection(url, status, location);
  const words = isPage ? WEB_PAGE : STATUSES.get(status);
  if (words === undefined) {
    return { reason: "{server} gives no relay's answer" };
  }
  const better = isPage || OF_THE_PATH.includes(status) ? usualPath(url) : null;
  if (better !== null) return tryInstead(words, better);
  // What servers answer to plain HTTP where they want TLS.
  return status === 400 && url.startsWith("ws:")
    ? tryInstead(words, otherScheme(url))
    : words;
}

function tryInstead({ reason }: DialWords, better: string): DialWords {
  return {
    reason: `${reason}; try ${better}`,
    fix: `name that address: --relay ${better}`,
  };
}

/** The address with and without TLS, at the same port. */
export function otherScheme(from: string): string {
  const { protocol, hostname, port, pathname, search } = new URL(from);
  const [other, at] = protocol === "wss:"
    ? ["ws:", port || "443"]
    : ["wss:", port || "80"];
  return new URL(`${other}//${hostname}:${at}${pathname}${search}`).href;
}

function redirection(
  url: string,
  status: number,
  location: string | null,
): DialWords {
  const to = location === null ? null : targetOf(location, url);
  if (to === null) return { reason: "{server} sends on to nowhere" };
  const shown = relayText(to.href);
  if (isSameServer(to, url)) {
    const better = usualPath(url);
    if (better !== null) return tryInstead(NO_RELAY, better);
  }
  if (to.protocol.startsWith("ws")) {
    const isMoved = [301, 308].includes(status) ||
      to.pathname === new URL(url).pathname;
    if (isMoved) {
      return {
        reason: `the relay has moved to ${shown}`,
        fix: `if you trust it, name that address: --relay ${shown}`,
      };
    }
  }
  return {
    reason: `{server} sends on to ${
      shown.replace(/^ws/, "http")
    }, perhaps a network's login page`,
    fix: LOGIN_PAGE,
  };
}

/** Where a redirection leads, as a relay's address; as a page's where it would lead out of TLS. */
function targetOf(location: string, from: string): URL | null {
  const base = from.replace(/^ws/, "http");
  if (!URL.canParse(location, base)) return null;
  const to = new URL(location, base);
  if (to.protocol !== "http:" && to.protocol !== "https:") return null;
  to.username = to.password = to.hash = "";
  const isDowngrade = from.startsWith("wss:") && to.protocol === "http:";
  return isDowngrade ? to : new URL(to.href.replace(/^http/, "ws"));
}

function isSameServer(to: URL, url: string): boolean {
  return to.host === new URL(url).host;
}

/** The address with the path that relays use, or null where it has that already. */
function usualPath(from: string): string | null {
  const url = new URL(from);
  const path = url.pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  const [first] = WIRE.path.split("/").filter((part) => part !== "");
  if (path.endsWith(WIRE.path)) url.pathname = path;
  else if (path.endsWith(`/${first}`)) {
    url.pathname = path.slice(0, -1 - `${first}`.length) + WIRE.path;
  } else url.pathname = path + WIRE.path;
  return url.href === new URL(from).href ? null : url.href;
}
