import assert from "node:assert/strict";
import { hookCall, MOST_INPUT } from "../../../lib/hooks/hook_call.ts";
import {
  HOOK_PROGRAMS,
  type HookProgram,
  HOOKS,
} from "../../../lib/hooks/hook_table.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const call = (program: HookProgram, input: unknown) =>
  hookCall(program, bytes(JSON.stringify(input)));
const W = "words";

/** Inputs as each program's documents have them, and what a wake becomes. */
const ROWS: readonly [HookProgram, Record<string, unknown>, object][] = [
  ["claude", {
    ...{ session_id: "s1", transcript_path: "/x", cwd: "/y" },
    ...{ hook_event_name: "Stop", stop_hook_active: false },
    last_assistant_message: "done",
  }, { hookSpecificOutput: { hookEventName: "Stop", additionalContext: W } }],
  ["claude", {
    ...{ session_id: "s1", hook_event_name: "SessionStart", source: "startup" },
  }, {
    hookSpecificOutput: { hookEventName: "SessionStart", additionalContext: W },
  }],
  ["claude", {
    ...{ session_id: "s1", hook_event_name: "UserPromptSubmit" },
    ...{ prompt: "hi", source: "user" },
  }, {
    hookSpecificOutput: {
      ...{ hookEventName: "UserPromptSubmit", additionalContext: W },
    },
  }],
  ["claude", {
    ...{ session_id: "s1", hook_event_name: "Notification" },
    ...{ message: "waiting", notification_type: "idle_prompt" },
  }, {
    hookSpecificOutput: { hookEventName: "Notification", additionalContext: W },
  }],
  ["codex", {
    ...{ session_id: "s1", hook_event_name: "Stop", stop_hook_active: false },
  }, { decision: "block", reason: W }],
  ["codex", { session_id: "s1", hook_event_name: "SessionStart" }, {
    hookSpecificOutput: { hookEventName: "SessionStart", additionalContext: W },
  }],
  ["codex", { session_id: "s1", hook_event_name: "UserPromptSubmit" }, {
    hookSpecificOutput: {
      ...{ hookEventName: "UserPromptSubmit", additionalContext: W },
    },
  }],
  ["gemini", {
    ...{ session_id: "s1", hook_event_name: "AfterAgent", prompt_response: "" },
  }, { decision: "deny", reason: W }],
  ["gemini", { session_id: "s1", hook_event_name: "BeforeAgent" }, {
    hookSpecificOutput: { hookEventName: "BeforeAgent", additionalContext: W },
  }],
  ["cursor", {
    ...{ conversation_id: "s1", hook_event_name: "stop" },
    ...{ status: "completed", loop_count: 0 },
  }, { followup_message: W }],
  ["copilot", { sessionId: "s1", timestamp: 1, cwd: "/x" }, {
    ...{ decision: "block", reason: W },
  }],
  ["goose", { session_id: "s1", hook_event_name: "Stop" }, {
    ...{ decision: "block", reason: W },
  }],
];
/** What our own extension says, and nothing is told to. */
const PI = { session_id: "pi", hook_event_name: "input" };

Deno.test("hookCall: each program's events, told as it wants them, under its session's name", () => {
  for (const [program, input, answer] of ROWS) {
    const found = call(program, input);
    const what = `${program} ${JSON.stringify(input)}`;
    assert.equal(found?.watcher, `${program}:s1`, what);
    assert.equal(found?.isQuiet, false, what);
    assert.deepEqual(found?.answer(W), answer, what);
  }
  const named = ROWS.map(([program, input]) =>
    `${program} ${input.hook_event_name ?? HOOKS[program].onlyEvent}`
  );
  const table = HOOK_PROGRAMS.flatMap((program) =>
    HOOKS[program].rows.map(({ event }) => `${program} ${event}`)
  );
  assert.deepEqual([...named, "pi input"].sort(), table.sort());
});

Deno.test("hookCall: every row is the same with a byte order mark and with fields that nobody knows", () => {
  const unknown = {
    ...{ later: [{ a: 1 }], constructor: "x", toString: null, "": 0 },
    ...{ transcript_path: "/etc/passwd", cwd: "\0", tool_input: "$(id)" },
  };
  for (const [program, input] of ROWS) {
    const plain = hookCall(program, bytes(JSON.stringify(input)));
    const more = JSON.stringify({ ...unknown, ...input });
    const proto = more.replace("{", '{"__proto__":{"stop_hook_active":true},');
    for (const text of [`\ufeff${JSON.stringify(input)}`, more, proto]) {
      const found = hookCall(program, bytes(text));
      const what = `${program} ${text}`;
      assert.deepEqual(
        [found?.watcher, found?.isHuman, found?.isQuiet, found?.answer(W)],
        [plain?.watcher, plain?.isHuman, plain?.isQuiet, plain?.answer(W)],
        what,
      );
    }
  }
});

Deno.test("hookCall: every row is nothing where its input is cut anywhere, too large, of another encoding, or without its session", () => {
  for (const [program, input] of ROWS) {
    const text = JSON.stringify(input);
    for (let end = 0; end < text.length; end++) {
      assert.equal(hookCall(program, bytes(text.slice(0, end))), null, text);
    }
    const huge = JSON.stringify({ ...input, x: "y".repeat(MOST_INPUT) });
    assert.equal(hookCall(program, bytes(huge)), null);
    const most = MOST_INPUT - text.length - ',"x":""'.length;
    const largest = JSON.stringify({ ...input, x: "y".repeat(most) });
    assert.equal(bytes(largest).length, MOST_INPUT);
    assert.notEqual(hookCall(program, bytes(largest)), null);
    const utf16 = new Uint8Array(
      new Uint16Array(
        [...`\ufeff${text}`].map((one) => one.charCodeAt(0)),
      ).buffer,
    );
    assert.equal(hookCall(program, utf16), null);
    for (const field of HOOKS[program].sessionFields) {
      for (const value of [undefined, "", 7, null, {}, ["s"]]) {
        const without = { ...input, [field]: value };
        const others = HOOKS[program].sessionFields.filter((one) =>
          one !== field
        );
        for (const other of others) delete without[other];
        assert.equal(call(program, without), null, JSON.stringify(without));
      }
    }
  }
});

Deno.test("hookCall: quiet while the program already goes round for a hook, or was stopped", () => {
  const loops: [HookProgram, Record<string, unknown>][] = [
    ["claude", { hook_event_name: "Stop", stop_hook_active: true }],
    ["claude", { hook_event_name: "UserPromptSubmit", source: "system" }],
    ["claude", { hook_event_name: "Notification", notification_type: "auth" }],
    ["codex", { hook_event_name: "Stop", stop_hook_active: true }],
    ["gemini", { hook_event_name: "AfterAgent", stop_hook_active: true }],
    ["cursor", { status: "completed", loop_count: 1 }],
    ["cursor", { status: "aborted", loop_count: 0 }],
    ["cursor", { loop_count: 0 }],
    ["copilot", { stop_hook_active: true }],
    ["goose", { stop_hook_active: true }],
    ["pi", PI],
  ];
  for (const [program, input] of loops) {
    const session = { session_id: "s" };
    const what = `${program} ${JSON.stringify(input)}`;
    assert.equal(call(program, { ...session, ...input })?.isQuiet, true, what);
  }
});

Deno.test("hookCall: a human spoke where a person's prompt came in, and nowhere else", () => {
  const rows = [...ROWS, ["pi", PI, {}] as const];
  const human = rows.filter(([program, input]) => call(program, input)?.isHuman)
    .map(([program, input]) => `${program} ${input.hook_event_name}`);
  assert.deepEqual(human, [
    "claude UserPromptSubmit",
    "codex UserPromptSubmit",
    "gemini BeforeAgent",
    "pi input",
  ]);
});

Deno.test("hookCall: what is broken, too large, without a session, or of another event is nothing", () => {
  const good = '{"session_id":"s","hook_event_name":"Stop"}';
  assert.notEqual(hookCall("claude", bytes(good)), null);
  assert.notEqual(hookCall("claude", bytes(`\ufeff${good}`)), null);
  const padded = `${good.slice(0, -1)},"x":"${"y".repeat(MOST_INPUT)}"}`;
  for (
    const input of [
      ...["", "{", "null", "[]", "7", '"Stop"', good.slice(0, -1), padded],
      ...['{"hook_event_name":"Stop"}', '{"session_id":"s"}'],
      '{"session_id":"","hook_event_name":"Stop"}',
      '{"session_id":{"a":1},"hook_event_name":"Stop"}',
      '{"session_id":"s","hook_event_name":"PreToolUse"}',
      '{"session_id":"s","hook_event_name":["Stop"]}',
      '{"session_id":"s","hook_event_name":"__proto__"}',
    ]
  ) {
    assert.equal(hookCall("claude", bytes(input)), null, input.slice(0, 80));
  }
  const cut = new Uint8Array([...bytes(good), 0xff]);
  assert.equal(hookCall("claude", cut), null);
  const nested = `{"session_id":"s","hook_event_name":"Stop","x":${
    "[".repeat(5_000)
  }${"]".repeat(5_000)}}`;
  assert.notEqual(hookCall("claude", bytes(nested)), null);
});

Deno.test("hookCall: any session's name becomes one that the daemon takes", () => {
  for (const session_id of ["a b\n'\"$(x)", "é".repeat(500), "x".repeat(999)]) {
    for (const program of HOOK_PROGRAMS) {
      const event = HOOKS[program].rows[0]?.event;
      const found = call(program, {
        ...{ session_id, hook_event_name: event, status: "completed" },
      });
      assert.match(found?.watcher ?? "", /^[A-Za-z0-9_.:-]{1,64}$/);
    }
  }
});
