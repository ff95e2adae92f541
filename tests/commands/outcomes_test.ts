import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import {
  BOB_ID,
  NOW,
  OWN_ID,
  someListing,
  someMessage,
  somePage,
  someRoom,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";
import { type ApiAnswer, CliRig } from "../fakes/cli_rig.ts";

/** A command that talks to the daemon, what it asks, and what a success looks like. */
interface Row {
  readonly line: readonly string[];
  /** The route that decides. */
  readonly route: string;
  readonly answers: Record<string, ApiAnswer>;
  readonly code?: number;
  readonly stdout: RegExp;
  readonly stderr?: RegExp;
  /** Keys of the JSON answer. */
  readonly keys: readonly string[];
}

const history = {
  room: "tea",
  messages: [{
    id: "msg-7",
    room: "tea",
    from: BOB_ID,
    from_name: "bob",
    text: "Assam",
    timestamp: NOW - 5_000,
    verified: true,
  }],
  has_more: false,
};

const identity = () => ({ id: OWN_ID, name: "ada" });
const roomKeys = ["members", "name", "tags", "topic"];
const sendKeys = ["bytes", "id", "room", "sha256", "status"];
const pageKeys = ["dropped", "gaps", "messages", "remaining"];

const ROWS: readonly Row[] = [
  {
    line: ["status"],
    route: "GET status",
    answers: { "GET status": () => someStatus() },
    stdout: /^connected to wss:\/\/relay\.example\.org/,
    keys: Object.keys(someStatus()),
  },
  {
    line: ["whoami"],
    route: "GET identity",
    answers: { "GET identity": identity },
    stdout: new RegExp(`^ada ${OWN_ID}\n$`),
    keys: ["id", "name"],
  },
  {
    line: ["rooms"],
    route: "GET rooms",
    answers: {
      "GET rooms": () => ({
        rooms: [someListing()],
        has_more: false,
        partial: false,
      }),
    },
    stdout: /⟦untrusted \w{8}:.*\n.*tea.*\n⟦end/,
    keys: ["has_more", "partial", "rooms"],
  },
  {
    line: ["create", "tea", "What", "we", "drink", "--tag", "drinks"],
    route: "POST create",
    answers: { "POST create": () => someRoom(), "GET identity": identity },
    stdout: /tea/,
    keys: roomKeys,
  },
  {
    line: ["join", "tea"],
    route: "POST join",
    answers: { "POST join": () => someRoom() },
    stdout: /tea/,
    keys: roomKeys,
  },
  {
    line: ["who", "tea"],
    route: "GET members",
    answers: { "GET members": () => someRoom(), "GET identity": identity },
    stdout: /bob·5hRk2mVq/,
    keys: roomKeys,
  },
  {
    line: ["leave", "tea"],
    route: "POST leave",
    answers: { "POST leave": () => ({ name: "tea" }) },
    stdout: /^left #tea\n$/,
    keys: ["name"],
  },
  {
    line: ["leave", "tea"],
    route: "POST leave",
    answers: { "POST leave": () => ({ name: "tea", unsent: 2 }) },
    stdout: /^left #tea; 2 messages .* not sent: agentnet sent\n$/,
    keys: ["name", "unsent"],
  },
  {
    line: ["send", "tea", "Hello"],
    route: "POST send",
    answers: { "POST send": () => someSend() },
    stdout: /^accepted id-of-it .*5 bytes.*2cf24dba5fb0\n$/,
    keys: sendKeys,
  },
  {
    line: ["ask", "tea", "Which", "one?"],
    route: "POST send",
    answers: {
      "GET status": () => someStatus({ relay_features: ["ack", "fields"] }),
      "GET messages": ({ query }) =>
        somePage(
          query.wait_ms === undefined
            ? []
            : [someMessage({ reply_to: "id-of-it" })],
        ),
      "POST send": () => someSend(),
      "POST read": () => ({ status: "ok" }),
    },
    stdout: /^⟦untrusted .*\n.*bob·5hRk2mVq ✓.*: Assam, please\n⟦end/,
    keys: ["reply", "sent"],
  },
  {
    line: ["reply", "msg-7", "Assam"],
    route: "POST send",
    answers: {
      "GET message": () => ({ message: someMessage() }),
      "POST send": () => someSend(),
    },
    stdout: /^accepted id-of-it .*5 bytes.*2cf24dba5fb0\n$/,
    keys: sendKeys,
  },
  {
    line: ["messages"],
    route: "GET messages",
    answers: {
      "GET messages": () => somePage([someMessage()]),
      "POST read": () => ({ status: "ok" }),
    },
    stdout:
      /^⟦untrusted \w{8}: .*⟧\n7 {2}\S+Z 5s ago {2}#tea {2}bob·5hRk2mVq ✓: Assam, please\n⟦end/,
    keys: pageKeys,
  },
  {
    line: ["messages", "--count"],
    route: "GET count",
    answers: { "GET count": () => ({ count: 3 }) },
    stdout: /^3\n$/,
    keys: ["count"],
  },
  {
    line: ["history", "tea"],
    route: "GET history",
    answers: { "GET history": () => history },
    stdout: /^⟦untrusted .*\n.*bob·5hRk2mVq ✓: Assam\n⟦end/,
    keys: ["has_more", "messages", "room"],
  },
  {
    line: ["show", "msg-7"],
    route: "GET message",
    answers: { "GET message": () => ({ message: someMessage() }) },
    stdout: /bob·5hRk2mVq ✓: Assam, please\n⟦end/,
    keys: ["message"],
  },
  {
    line: ["sent"],
    route: "GET sent",
    answers: {
      "GET sent": () => ({
        sent: [{
          id: "own-1",
          room: "tea",
          text: "Hello",
          created_at: NOW - 9_000,
          status: "accepted",
        }],
      }),
    },
    stdout: /accepted.*own-1|own-1.*accepted/,
    keys: ["sent"],
  },
  {
    line: ["stop"],
    route: "POST stop",
    answers: { "POST stop": () => ({ status: "stopping" }) },
    stdout: /^stop/,
    keys: ["status"],
  },
  {
    line: ["wait-ready", "--timeout", "1s"],
    route: "GET status",
    answers: { "GET status": () => someStatus() },
    stdout: /^connected/,
    keys: Object.keys(someStatus()),
  },
];

const name = ({ line }: Row) => line.join(" ");

for (const row of ROWS) {
  Deno.test(`${name(row)}: success is 0, the answer alone on stdout`, async () => {
    const rig = new CliRig(row.answers);
    const { code, stdout, stderr } = await rig.run(...row.line);
    assert.equal(code, row.code ?? 0, stderr);
    assert.match(stdout, row.stdout);
    assert.equal(stderr, "");
    assert.ok(rig.routes.includes(row.route), `${rig.routes}`);
  });

  Deno.test(`${name(row)}: --json answers one line with the keys promised`, async () => {
    const rig = new CliRig(row.answers);
    const { code, stdout, stderr } = await rig.run(...row.line, "--json");
    assert.equal(code, row.code ?? 0, stderr);
    assert.match(stdout, /^[^\n]+\n$/);
    assert.deepEqual(
      Object.keys(JSON.parse(stdout)).sort(),
      [
        ...row.keys,
      ].sort(),
    );
  });
}

Deno.test("every command: a flag that it doesn't have is 2, and nothing is asked of the daemon", async () => {
  for (const row of ROWS) {
    const rig = new CliRig(row.answers);
    const [command = "", ...rest] = row.line;
    const { code, stdout, stderr } = await rig.run(
      command,
      "--no-such-flag",
      ...rest,
    );
    assert.equal(code, 2, name(row));
    assert.equal(stdout, "", name(row));
    assert.match(stderr, /^agentnet: [^\n]*no-such-flag[^\n]*\n$/, name(row));
    assert.deepEqual(rig.calls, [], name(row));
  }
});

Deno.test("every command: without a daemon it is 3 and says how to start one", async () => {
  for (const row of ROWS.filter((one) => one.line[0] !== "wait-ready")) {
    const down = new CliRig(row.answers);
    down.daemonDown = true;
    const bare = new CliRig(row.answers);
    bare.files.clear();
    for (const rig of [down, bare]) {
      const answer = await rig.run(...row.line);
      assert.equal(answer.code, 3, name(row));
      assert.equal(answer.stdout, "", name(row));
      assert.match(
        answer.stderr,
        /^agentnet: no daemon answers[^\n]*; start it: agentnet daemon >[^\n]*\n$/,
      );
    }
  }
});

Deno.test("every command: a wrong token is 3", async () => {
  for (const row of ROWS.filter((one) => one.line[0] !== "wait-ready")) {
    const rig = new CliRig(row.answers);
    rig.env.set("AGENTNET_TOKEN", "of another daemon");
    const { code, stderr } = await rig.run(...row.line);
    assert.equal(code, 3, name(row));
    assert.match(stderr, /token/);
  }
});

/** Failures that a daemon answers, and the exit code that each must come to. */
const FAILURES: readonly [ErrorCode, number][] = [
  ["INTERNAL", 1],
  ["ROOM_NOT_FOUND", 4],
  ["NOT_IN_ROOM", 4],
  ["ROOM_EXISTS", 4],
  ["AUTH_FAILED", 4],
  ["LIMIT_REACHED", 4],
  ["NOT_CONNECTED", 5],
  ["TOO_NEW", 5],
  ["RATE_LIMITED", 5],
  ["OUTCOME_UNKNOWN", 7],
];

for (const [code, exit] of FAILURES) {
  Deno.test(`every command: ${code} is ${exit}, one line with what to do next`, async () => {
    const failure = new Failure(code, {
      fields: { room: "tea" },
      retryAfterMs: 41_500,
    });
    for (const row of ROWS.filter((one) => one.line[0] !== "wait-ready")) {
      const rig = new CliRig({ ...row.answers, [row.route]: () => failure });
      const text = await rig.run(...row.line);
      assert.equal(text.code, exit, name(row));
      assert.equal(text.stdout, "", name(row));
      assert.match(text.stderr, /^agentnet: [^\n]+; [^\n]+\n$/, name(row));
      const json = await rig.run(...row.line, "--json");
      assert.equal(json.code, exit, name(row));
      assert.equal(json.stderr, "", name(row));
      assert.deepEqual(JSON.parse(json.stdout).error, failure.toJson());
    }
  });
}

Deno.test("TOO_NEW and RATE_LIMITED: the seconds left stand in the line", async () => {
  for (const code of ["TOO_NEW", "RATE_LIMITED"] as const) {
    const failure = new Failure(code, { retryAfterMs: 41_500 });
    const rig = new CliRig({ "POST join": () => failure });
    const { stderr } = await rig.run("join", "tea");
    assert.match(stderr, /42 s/);
  }
});

Deno.test("something else than a daemon at its address is 1", async () => {
  const rig = new CliRig({
    "GET status": () => new Response("<html>", { status: 200 }),
  });
  const { code, stderr } = await rig.run("status");
  assert.equal(code, 1);
  assert.match(stderr, /something else than a daemon/);
});
