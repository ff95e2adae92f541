import assert from "node:assert/strict";
import { inboxPlace } from "../../../commands/session_inbox/inbox_place.ts";

const SET = {
  CLAUDE_CODE_MESSAGING_SOCKET: "/tmp/cc-socks/26395.sock",
  CLAUDE_CODE_MESSAGING_TOKEN: "929260f13e31aa4942d6f3fa9e278731",
  CLAUDE_CODE_SESSION_ID: "e6c081e6-8952-4595-b73f-1d98fca9a343",
};

const place = (change: Record<string, string | undefined> = {}) => {
  const env: Record<string, string | undefined> = { ...SET, ...change };
  return inboxPlace((name) => env[name]);
};

Deno.test("inboxPlace: what Claude Code gives its MCP servers", () => {
  assert.deepEqual(place(), {
    path: SET.CLAUDE_CODE_MESSAGING_SOCKET,
    token: SET.CLAUDE_CODE_MESSAGING_TOKEN,
    session: SET.CLAUDE_CODE_SESSION_ID,
  });
});

Deno.test("inboxPlace: none where a variable is missing or empty", () => {
  for (const name of Object.keys(SET)) {
    for (const value of [undefined, ""]) {
      assert.equal(place({ [name]: value }), null, name);
    }
  }
});

Deno.test("inboxPlace: none for a path that is not absolute and plain, or longer than a socket's; none for a token of several lines", () => {
  const paths = [
    ...["x.sock", "./x.sock", "~/x.sock", "/", "//x", "/tmp//x", "/tmp/x/"],
    ...["/tmp/../x", "/tmp/./x", "/tmp/..", "/tmp/a b", "/tmp/a,b", "/tmp/$x"],
    ...["/tmp/é", "/tmp/a\nb", "/tmp/a\0b", "\0abstract", "@abstract"],
    ...["unix:/tmp/x", "/tmp/a;b", '/tmp/"x', "C:\\x", "\\\\.\\pipe\\x"],
    `/${"x".repeat(103)}`,
  ];
  for (const path of paths) {
    assert.equal(place({ CLAUDE_CODE_MESSAGING_SOCKET: path }), null, path);
  }
  const longest = `/${"x".repeat(102)}`;
  assert.equal(place({ CLAUDE_CODE_MESSAGING_SOCKET: longest })?.path, longest);
  for (const token of ["a\nb", "a b", "é", "x".repeat(513)]) {
    assert.equal(place({ CLAUDE_CODE_MESSAGING_TOKEN: token }), null);
  }
});
