import assert from "node:assert/strict";
import fc from "fast-check";
import {
  newestSession,
  openclawWake,
  opencodeSessions,
  opencodeWake,
} from "../../../daemon/wake_posts/target_requests.ts";

const JSON_TYPE = "application/json";

Deno.test("openclawWake: its hook is posted the text, with the token where there is one", () => {
  const target = { program: "openclaw", url: "http://127.0.0.1:1/hooks/wake" };
  const request = openclawWake({ ...target, program: "openclaw" }, "W");
  assert.deepEqual(request, {
    ...{ method: "POST", url: "http://127.0.0.1:1/hooks/wake" },
    headers: { "content-type": JSON_TYPE },
    body: '{"text":"W","mode":"now"}',
  });
  const { headers } = openclawWake(
    { ...target, program: "openclaw", token: "t" },
    "W",
  );
  assert.equal(headers.authorization, "Bearer t");
});

Deno.test("opencodeWake, opencodeSessions: below the server's address, as a message that no person wrote", () => {
  for (const url of ["http://127.0.0.1:4096/", "http://127.0.0.1:4096/x"]) {
    const target = { program: "opencode", url, token: "pass:word" } as const;
    const base = url.endsWith("/") ? url : `${url}/`;
    const list = opencodeSessions(target);
    assert.deepEqual([list.method, list.url], ["GET", `${base}session`]);
    const wake = opencodeWake(target, { session: "ses_1", text: "W" });
    assert.equal(wake.url, `${base}session/ses_1/prompt_async`);
    assert.deepEqual(JSON.parse(wake.body ?? ""), {
      parts: [{ type: "text", text: "W", synthetic: true }],
    });
    for (const { headers } of [list, wake]) {
      assert.equal(
        headers.authorization,
        `Basic ${btoa("opencode:pass:word")}`,
      );
    }
  }
});

Deno.test("newestSession: the one used last that is nobody's child", () => {
  const session = (id: string, updated: number, more: object = {}) => ({
    ...{ id, title: "x", time: { created: 1, updated } },
    ...more,
  });
  const list = [
    ...[session("ses_a", 5), session("ses_b", 9), session("ses_c", 7)],
    session("ses_child", 99, { parentID: "ses_b" }),
    session("../../global", 100),
  ];
  assert.equal(newestSession(list), "ses_b");
  assert.equal(newestSession([{ id: "ses_a" }]), "ses_a");
  for (const none of [[], [{}], [null], {}, null, "x", undefined, [[]]]) {
    assert.equal(newestSession(none), null);
  }
});

Deno.test("newestSession: any JSON comes to a session that can stand in a path, or to none", () => {
  const time = fc.record({ updated: fc.jsonValue() }, { requiredKeys: [] });
  const one = fc.record({
    id: fc.oneof(fc.string(), fc.constantFrom("ses_1", "a/b", "..")),
    time: fc.oneof(time, fc.jsonValue()),
  }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.oneof(fc.array(one), fc.jsonValue()), (list) => {
      const session = newestSession(list);
      if (session !== null) assert.match(session, /^[A-Za-z0-9_-]{1,128}$/);
    }),
  );
});
