import assert from "node:assert/strict";
import type { WakePost } from "../../../daemon/wake_posts/wake_post.ts";
import { WakePosts } from "../../../daemon/wake_posts/wake_posts.ts";
import type { WakeAnswer } from "../../../lib/local_api/types/wakes.ts";
import { createLogger } from "../../../lib/log.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { roomName } from "../../fakes/plain.ts";

const WAKE: WakeAnswer = {
  wake: {
    ...{ unread: 2, named: 1, cursor: 7, reason: "mention" },
    room: roomName("tea"),
  },
};
const LINE =
  "AgentNet: 2 unread, 1 for you in room tea. Look when it fits your task: agentnet messages (written by AgentNet)";
const TOKEN = "a-token-of-the-hook";
const CLAW: WakePost = {
  ...{ program: "openclaw", url: "http://127.0.0.1:18789/hooks/wake" },
  token: TOKEN,
};
const CODE: WakePost = { program: "opencode", url: "http://127.0.0.1:4096/" };

type Answer = (request: Request) => Response | Promise<Response>;

/** Posts to programs that answer by table, from a source of wakes that a test feeds. */
function rig(targets: readonly WakePost[], answer: Answer) {
  const clock = new FakeClock();
  const state = { answer };
  const asked: string[] = [];
  const log: string[] = [];
  const became: string[] = [];
  const waiting = new Map<string, (answer: WakeAnswer) => void>();
  const posts = new WakePosts({
    targets,
    clock,
    log: createLogger({
      ...{ format: "text", level: "debug", wall: () => 0 },
      write: (line) => void log.push(line),
    }),
    fetch: async (url, init) => {
      const request = new Request(url as string, init);
      const body = request.method === "GET" ? "" : await request.text();
      asked.push(`${request.method} ${url} ${body}`);
      assert.equal(init?.redirect, "manual");
      const answered = state.answer(request);
      const gone = new Promise<never>((_, reject) =>
        init?.signal?.addEventListener(
          "abort",
          () => reject(init.signal?.reason),
        )
      );
      return await Promise.race([answered, gone]);
    },
  });
  const running = posts.run({
    due: ({ watcher }, signal) =>
      new Promise((resolve) => {
        waiting.set(watcher, resolve);
        signal.addEventListener("abort", () => resolve({}));
      }),
    came: () => void became.push("came"),
    lost: (watcher) => void became.push(`lost ${watcher}`),
  });
  const wake = async (answer = WAKE, watcher = "post-0") => {
    const resolve = waiting.get(watcher);
    waiting.delete(watcher);
    assert.ok(resolve, "nobody waits");
    resolve(answer);
    await clock.advance(0);
  };
  return { clock, state, asked, log, became, waiting, posts, running, wake };
}

Deno.test("WakePosts: OpenClaw's hook is posted our own words, and the wake came", async () => {
  const it = rig([CLAW], () => Response.json({ ok: true }));
  await it.wake({});
  await it.wake();
  assert.deepEqual(it.asked, [
    `POST ${CLAW.url} {"text":"${LINE}","mode":"now"}`,
  ]);
  assert.deepEqual(it.became, ["came"]);
  const { program, url } = CLAW;
  assert.deepEqual(it.posts.status, [{ program, url, woken: 1 }]);
  it.posts.close();
  await it.running;
});

Deno.test("WakePosts: OpenCode's session that was used last is woken, or the one that is named", async () => {
  const sessions = [{ id: "ses_a", time: { updated: 1 } }];
  const answer: Answer = ({ method }) =>
    method === "GET"
      ? Response.json(sessions)
      : new Response(null, { status: 204 });
  const it = rig([CODE], answer);
  await it.wake();
  assert.deepEqual(it.asked.map((one) => one.split(" ", 2).join(" ")), [
    "GET http://127.0.0.1:4096/session",
    "POST http://127.0.0.1:4096/session/ses_a/prompt_async",
  ]);
  const named = rig([{ ...CODE, session: "ses_b" }], answer);
  await named.wake();
  assert.match(named.asked.join(), /^POST \S+\/session\/ses_b\/prompt_async /);
  sessions.pop();
  const none = rig([CODE], answer);
  await none.wake();
  assert.equal(none.posts.status[0]?.trouble, "it has no session");
});

Deno.test("WakePosts: one that takes no wake is told in status and once in the log, counts for nothing, and is tried again after pauses that grow", async () => {
  const it = rig([CLAW], () => new Response("no", { status: 401 }));
  for (const [n, pause] of [5_000, 10_000, 20_000].entries()) {
    await it.wake();
    assert.equal(it.became.length, n + 1);
    assert.equal(it.waiting.size, 0);
    await it.clock.advance(pause - 1);
    assert.equal(it.waiting.size, 0);
    await it.clock.advance(1);
    assert.equal(it.waiting.size, 1);
  }
  assert.deepEqual(new Set(it.became), new Set(["lost post-0"]));
  assert.match(
    it.posts.status[0]?.trouble ?? "",
    /^it answered 401: the token/,
  );
  assert.equal(it.log.length, 1);
  assert.ok(!it.log.join().includes(TOKEN));
  it.state.answer = () => new Response(null, { status: 200 });
  await it.wake();
  assert.deepEqual([it.became.at(-1), it.posts.status[0]?.woken], ["came", 1]);
  assert.equal(it.posts.status[0]?.trouble, undefined);
  it.state.answer = () => new Response("no", { status: 401 });
  await it.wake();
  await it.clock.advance(5_000);
  assert.equal(it.waiting.size, 1);
  for (let n = 0; n < 20; n++) {
    await it.wake();
    await it.clock.advance(600_000);
  }
  assert.equal(it.log.length, 2);
});

Deno.test("WakePosts: a redirection, a server that says nothing, one that hangs and none at all are words in status", async () => {
  const answers: [Answer, string][] = [
    [
      () => new Response(null, { status: 302, headers: { location: "/x" } }),
      "it answered 302",
    ],
    [
      () => new Response(null, { status: 404 }),
      "it answered 404: nothing takes a wake at this address",
    ],
    [
      () => Promise.reject(new TypeError("error sending request")),
      "nobody listens, or what does speaks no HTTP",
    ],
    [() => new Promise(() => {}), "it does not answer"],
  ];
  for (const [answer, trouble] of answers) {
    const it = rig([CLAW], answer);
    await it.wake();
    await it.clock.advance(15_000);
    assert.equal(it.posts.status[0]?.trouble, trouble);
    assert.equal(it.asked.length, 1);
  }
});

Deno.test("WakePosts: a list of sessions without end is not read to the end", async () => {
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent++;
          controller.enqueue(new Uint8Array(64 * 1024).fill(91));
        },
      }),
    );
  const it = rig([CODE], endless);
  await it.wake();
  for (let n = 0; n < 50 && !it.posts.status[0]?.trouble; n++) {
    await it.clock.advance(0);
  }
  assert.equal(it.posts.status[0]?.trouble, "its list of sessions is too long");
  assert.ok(sent < 100);
});

Deno.test("WakePosts: each target is served by itself, as its own settings say; close ends what waits", async () => {
  const it = rig(
    [CLAW, { ...CODE, session: "s" }],
    ({ url }) =>
      url.startsWith("http://127.0.0.1:18789")
        ? new Promise(() => {})
        : new Response(null, { status: 204 }),
  );
  await it.wake(WAKE, "post-0");
  await it.wake(WAKE, "post-1");
  assert.deepEqual(it.became, ["came"]);
  it.posts.close();
  await it.running;
  assert.equal(it.clock.pending, 0);
});
