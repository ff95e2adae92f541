import assert from "node:assert/strict";
import {
  dialFailure,
  isWorthALook,
  lateFailure,
  probedFailure,
} from "../../../lib/client/dial_failure.ts";

const URL_ = "wss://relay.example/v1/ws";
const PROXY = "p.example:3128";

/** The reason and the cure of an answer at the second look. */
function answered(
  status: number,
  { url = URL_, location = null, proxy }: {
    url?: string;
    location?: string | null;
    proxy?: string;
  } = {},
): string {
  const { code, reason, fix } = probedFailure({ url, proxy }, {
    kind: "answered",
    ...{ status, location },
  });
  assert.equal(code, "NOT_CONNECTED");
  return `${reason} -> ${fix}`;
}

for (
  const [status, told] of [
    [101, /second look/],
    [200, /^200: .*web page.*login page.*wrong path/],
    [204, /web page/],
    [400, /no WebSocket/],
    [401, /password/],
    [403, /^403: .*blocked or banned -> .*operator/],
    [404, /^404: there is no relay at this path/],
    [418, /^418: the server gives no relay's answer/],
    [429, /too many tries/],
    [502, /^502: the relay behind the server is starting or gone/],
    [503, /starting or gone/],
    [504, /starting or gone/],
    [511, /login/],
  ] as const
) {
  Deno.test(`probedFailure: ${status} has its words`, () => {
    assert.match(answered(status), told);
  });
}

for (
  const [from, to] of [
    ["wss://r.example/sub", "wss://r.example/sub/v1/ws"],
    ["wss://r.example/sub/", "wss://r.example/sub/v1/ws"],
    ["wss://r.example/v1/ws/", "wss://r.example/v1/ws"],
    ["wss://r.example/v1/ws//", "wss://r.example/v1/ws"],
    ["wss://r.example//v1/ws", "wss://r.example/v1/ws"],
    ["wss://r.example/v1", "wss://r.example/v1/ws"],
    ["wss://r.example/sub/v1/", "wss://r.example/sub/v1/ws"],
    ["ws://r.example:8080/sub?a=b", "ws://r.example:8080/sub/v1/ws?a=b"],
  ] as const
) {
  Deno.test(`probedFailure: a wrong path, ${from}, has a hint`, () => {
    for (const status of [200, 400, 404, 426]) {
      const told = answered(status, { url: from });
      assert.ok(told.includes(`try ${to} -> `), told);
      assert.ok(told.endsWith(`--relay ${to}`), told);
    }
    assert.ok(!answered(503, { url: from }).includes("try "));
  });
}

Deno.test("probedFailure: the usual path has no hint", () => {
  assert.doesNotMatch(answered(404), /try /);
});

for (
  const [status, from, location, told] of [
    [
      301,
      URL_,
      "https://new.example/v1/ws",
      /moved to wss:\/\/new\.example\/v1\/ws/,
    ],
    [
      308,
      URL_,
      "https://new.example/other",
      /moved to wss:\/\/new\.example\/other/,
    ],
    [302, URL_, "//new.example/v1/ws", /moved to wss:\/\/new\.example\/v1\/ws/],
    [301, "ws://r.example/v1/ws", "https://r.example/v1/ws", /moved to wss:/],
    [
      302,
      URL_,
      "https://portal.example/in?x",
      /sends on to https:\/\/portal\.example\/in\?x, .*login page/,
    ],
    [301, URL_, "http://relay.example/v1/ws", /sends on to http:/],
    [
      301,
      "wss://r.example/sub",
      "/sub/",
      /try wss:\/\/r\.example\/sub\/v1\/ws/,
    ],
    [301, URL_, null, /nowhere/],
    [301, URL_, "mailto:a@b", /nowhere/],
    [301, URL_, "https://u:secret@new.example/v1/ws", /wss:\/\/new\.example/],
    [304, URL_, null, /nowhere/],
  ] as const
) {
  Deno.test(`probedFailure: ${status} of ${from} to ${location}`, () => {
    const words = answered(status, { url: from, location });
    assert.match(words, told);
    assert.doesNotMatch(words, /secret/);
  });
}

Deno.test("probedFailure: where a redirection leads is bounded and can't steer a terminal", () => {
  const location = "https://n.example/" + "x".repeat(5_000) + "\u202e\u001b[2J";
  const words = answered(301, { location });
  assert.ok(words.length < 700, `${words.length}`);
  assert.ok(!words.includes("\u001b") && !words.includes("\u202e"));
});

for (
  const [said, told] of [
    ["invalid peer certificate: UnknownIssuer", /no authority/],
    ["invalid peer certificate: Expired", /has expired -> .*clock/],
    [
      "invalid peer certificate: certificate expired: verification time 1 (UNIX), but certificate is not valid after 0",
      /has expired/,
    ],
    ["invalid peer certificate: NotValidYet", /not valid yet/],
    [
      'invalid peer certificate: certificate not valid for name "a"; certificate is only valid for b',
      /another name/,
    ],
    [
      "received corrupt message of type InvalidContentType",
      /no TLS; try ws:\/\/relay\.example:443\/v1\/ws -> /,
    ],
    ["tls handshake eof", /at TLS.*none; try ws:\/\/.*--relay ws:\/\//],
    ["unexpected end of file", /at TLS.*none; try ws:\/\//],
    ["connection closed before message completed", /hangs up/],
    ["invalid HTTP version parsed", /no HTTP/],
    ["tcp connect error: Connection refused (os error 111)", /^nobody listens/],
    ["dns error: failed to lookup", /^the relay's name can't be resolved/],
    ["Invalid status code: 403", /^403: .*blocked or banned/],
    ["something \u001b new", /^something \ufffd new/],
    ["", /^the relay can't be reached/],
  ] as const
) {
  Deno.test(`dialFailure: '${said.slice(0, 60)}' has its words`, () => {
    const { reason, fix } = dialFailure({ url: URL_ }, said);
    assert.match(`${reason} -> ${fix}`, told);
  });
}

for (
  const [said, told] of [
    ["tcp connect error", /^the proxy p\.example:3128 does not answer/],
    ["dns error", /^the name of the proxy p\.example:3128/],
    ["unexpected eof while tunneling", /^the proxy p\.example:3128 hangs up/],
    ["unsuccessful tunnel", /^the proxy p\.example:3128 .*let.*through/],
    [
      "proxy authentication required",
      /^the proxy p\.example:3128 wants a user/,
    ],
    ["Invalid status code: 407", /^the proxy p\.example:3128 wants a user/],
    ["invalid peer certificate: UnknownIssuer", /^its certificate/],
  ] as const
) {
  Deno.test(`dialFailure: '${said}' behind a proxy names it`, () => {
    const { reason } = dialFailure({ url: URL_, proxy: PROXY }, said);
    assert.match(reason ?? "", told);
  });
}

Deno.test("probedFailure: over ws:// behind a proxy a status may be the proxy's", () => {
  const proxied = { url: "ws://r.example/v1/ws", proxy: PROXY };
  assert.match(answered(403, proxied), /the server, or the proxy p\.example/);
  assert.match(
    answered(407, proxied),
    /the proxy p\.example:3128 wants a user/,
  );
  assert.doesNotMatch(answered(403, { proxy: PROXY }), /p\.example/);
});

for (
  const said of [
    "invalid HTTP version parsed",
    "connection error",
    "connection error: Connection reset by peer (os error 104)",
    "connection closed before message completed",
    "Invalid status code: 400",
  ]
) {
  Deno.test(`dialFailure: '${said}' over ws:// names the address with TLS, at the same port`, () => {
    for (
      const [url, other] of [
        ["ws://r.example/v1/ws", "wss://r.example:80/v1/ws"],
        ["ws://r.example:443/v1/ws", "wss://r.example/v1/ws"],
        ["ws://[::1]:8080/v1/ws?a=b", "wss://[::1]:8080/v1/ws?a=b"],
      ] as const
    ) {
      const { reason, fix } = dialFailure({ url }, said);
      assert.ok(reason?.endsWith(`; try ${other}`), reason);
      assert.ok(fix.endsWith(`--relay ${other}`), fix);
    }
  });
}

Deno.test("dialFailure: what nobody has words for yet, and a late answer, say where to look", () => {
  const { fix } = dialFailure({ url: URL_ }, "something new");
  assert.match(fix, /address and port.*firewalls/);
  assert.equal(lateFailure({ url: URL_ }, 10).fix, fix);
  const late = lateFailure({ url: URL_, proxy: PROXY }, 10);
  assert.equal(
    late.reason,
    `no answer within 10 s through the proxy ${PROXY}`,
  );
  assert.match(late.fix, /AGENTNET_PROXY/);
});

Deno.test("isWorthALook: over TLS, or for where a redirection leads; not where nothing was reached", () => {
  const looks = (url: string, said: string) => isWorthALook(url, said);
  const alert = "received fatal alert: NoApplicationProtocol";
  assert.equal(looks(URL_, alert), true);
  assert.equal(looks(URL_, "unexpected EOF"), true);
  for (
    const said of ["dns error", "tcp connect error", "unsuccessful tunnel"]
  ) {
    assert.equal(looks(URL_, said), false, said);
  }
  assert.equal(looks("ws://r.example/", "Invalid status code: 403"), false);
  assert.equal(looks("ws://r.example/", "Invalid status code: 301"), true);
});
