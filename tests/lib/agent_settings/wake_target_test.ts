import assert from "node:assert/strict";
import fc from "fast-check";
import { parseWakeTargets } from "../../../lib/agent_settings/wake_target.ts";

const OPENCLAW = {
  ...{ program: "openclaw", url: "http://127.0.0.1:18789/hooks/wake" },
  token_file: "/home/ada/.openclaw/hooks.token",
};
const OPENCODE = {
  ...{ program: "opencode", url: "http://[::1]:4096/", session: "ses_0Ab-9" },
  wake: "everyone",
};

Deno.test("parseWakeTargets: each program's fields, the address as it is dialled", () => {
  assert.deepEqual(parseWakeTargets([OPENCLAW, OPENCODE]), [
    OPENCLAW,
    OPENCODE,
  ]);
  const url = (text: string) =>
    parseWakeTargets([{ program: "opencode", url: text }])?.[0]?.url;
  assert.equal(url("http://localhost:4096"), "http://127.0.0.1:4096/");
  assert.equal(url("http://LOCALHOST"), "http://127.0.0.1/");
  assert.equal(url("http://127.1.2.3:1/x"), "http://127.1.2.3:1/x");
  assert.deepEqual(parseWakeTargets([]), []);
});

Deno.test("parseWakeTargets: none of a list with an address beyond loopback, or with anything in it beside place and path", () => {
  const urls = [
    ...["https://127.0.0.1:1", "ws://127.0.0.1:1", "file:///etc/passwd"],
    ...["http://relay.example.org", "http://10.0.0.1", "http://0.0.0.0:1"],
    ...["http://localhost.example.org", "http://127.0.0.1.example.org"],
    ...["http://localhost.:1", "http://[::ffff:10.0.0.1]", "http://[::2]:1"],
    ...["http://ada:secret@127.0.0.1", "http://ada@127.0.0.1"],
    ...["http://:secret@127.0.0.1", "http://127.0.0.1/?token=x"],
    ...["http://127.0.0.1/#x", "http://127.0.0.1:0", "127.0.0.1:1", "", 7],
    ...["http://128.0.0.1", "http://127.0.0.1:99999", null],
    `http://127.0.0.1/${"x".repeat(300)}`,
  ];
  for (const url of urls) {
    assert.equal(
      parseWakeTargets([{ program: "opencode", url }]),
      null,
      `${url}`,
    );
  }
});

Deno.test("parseWakeTargets: none of a list with a field that can't be used, or is not known", () => {
  const wrong: unknown[] = [
    {},
    { ...OPENCLAW, program: "emacs" },
    { ...OPENCLAW, session: "ses_1" },
    { ...OPENCLAW, token: "secret" },
    { ...OPENCLAW, token_file: "hooks.token" },
    { ...OPENCLAW, token_file: "/a\0b" },
    { ...OPENCLAW, token_file: 7 },
    { ...OPENCLAW, wake: "nobody" },
    ...["", "a/b", "..", "é", 7].map((session) => ({ ...OPENCODE, session })),
    ...[null, "x", [OPENCLAW]],
  ];
  for (const one of wrong) {
    assert.equal(parseWakeTargets([OPENCLAW, one]), null, JSON.stringify(one));
  }
  for (const list of [null, {}, "x", [1], Array(5).fill(OPENCLAW)]) {
    assert.equal(parseWakeTargets(list), null);
  }
});

Deno.test("parseWakeTargets: whatever host a text names, what is taken is an address of loopback", () => {
  const part = fc.integer({ min: 0, max: 300 });
  const hosts = fc.oneof(
    fc.tuple(part, part, part, part).map((parts) => parts.join(".")),
    fc.tuple(fc.constant(127), part, part, part).map((all) => all.join(".")),
    ...[fc.domain(), fc.ipV6().map((one) => `[${one}]`), fc.string()],
    fc.constantFrom("localhost", "[::1]", "127.1", "0x7f.1", "2130706433"),
  );
  fc.assert(fc.property(hosts, (host) => {
    const url = `http://${host}:8080/x`;
    const taken = parseWakeTargets([{ program: "opencode", url }]);
    if (taken === null) return;
    assert.match(
      taken[0]?.url ?? "",
      /^http:\/\/(?:127(?:\.\d{1,3}){3}|\[::1\]):8080\/x$/,
    );
  }));
});
