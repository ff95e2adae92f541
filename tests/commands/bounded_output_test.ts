import assert from "node:assert/strict";
import {
  BOB_ID,
  NOW,
  someListing,
  someMessage,
  somePage,
  someRoom,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";
import { type ApiAnswer, CliRig } from "../fakes/cli_rig.ts";

/** What an output may have where nobody says otherwise. */
const MOST = 16_000;

const bytes = (text: string) => new TextEncoder().encode(text).length;
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

const LONG = "漢".repeat(10_900);
const longMessages = times(
  50,
  (at) => someMessage({ cursor: at + 1, short_id: `abcde${at}`, text: LONG }),
);
const manyRooms = times(200, (at) => ({
  ...{ name: `${"r".repeat(60)}-${at}`, state: "waiting", joined: false },
  ...{
    unread: 7,
    reason: "the relay wants a connection to be older ".repeat(40),
  },
}));

/** Every command that lists something, over the largest that there can be; what shows the rest. */
const ROWS: readonly {
  readonly line: readonly string[];
  readonly answers: Record<string, ApiAnswer>;
  readonly rest: RegExp;
}[] = [
  {
    line: ["messages"],
    answers: {
      "GET messages": () => somePage(longMessages, { remaining: 9 }),
      "POST read": () => ({ status: "ok" }),
    },
    rest: /bytes more: agentnet show abcde0\n.*\d+ more: agentnet messages\n/s,
  },
  {
    line: ["history", "tea"],
    answers: {
      "GET history": () => ({
        room: "tea",
        messages: longMessages,
        has_more: true,
      }),
    },
    rest:
      /bytes more: agentnet show abcde49\n.*older ones: agentnet history --limit 50 --skip \d+ tea\n/s,
  },
  {
    line: ["search", "x", "--limit", "50"],
    answers: { "GET search": () => somePage(longMessages) },
    rest: /bytes more: agentnet show abcde49\n.*did not fit/s,
  },
  {
    line: ["show", "abcde0"],
    answers: { "GET message": () => ({ message: longMessages[0] }) },
    rest: /bytes more: agentnet show --max-bytes 0 abcde0\n/,
  },
  {
    line: ["who", "tea"],
    answers: {
      "GET members": () =>
        someRoom({
          members: times(1_000, (at) => ({
            ...{ id: BOB_ID, name: `${"漢".repeat(40)}${at}`, joined_at: NOW },
          })),
        }),
    },
    rest: /\n\d+ more: agentnet who --max-bytes 0 tea\n$/,
  },
  {
    line: ["rooms"],
    answers: {
      "GET rooms": () => ({
        rooms: times(
          100,
          (at) =>
            someListing({
              name: `room-${at}`,
              topic: "漢".repeat(512),
              tags: times(10, () => "t".repeat(32)),
            }),
        ),
        ...{ has_more: true, cursor: "c", partial: false },
      }),
    },
    rest: /\n\d+ more: .*--max-bytes 0\nmore: agentnet rooms --cursor c\n$/,
  },
  {
    line: ["rooms", "--joined"],
    answers: { "GET status": () => someStatus({ rooms: manyRooms as never }) },
    rest: /\n\d+ more: .*--max-bytes 0\n$/,
  },
  {
    line: ["status"],
    answers: {
      "GET status": () =>
        someStatus({
          ...{ rooms: manyRooms as never, connected: false },
          ...{ reason: LONG, warnings: times(40, () => LONG) },
        }),
    },
    rest:
      /\d+ more: agentnet rooms --joined\n.*\d+ more: agentnet status --max-bytes 0\n$/s,
  },
  {
    line: ["sent", "--limit", "200"],
    answers: {
      "GET sent": () => ({
        sent: times(200, (at) => ({
          ...{
            id: "i".repeat(128),
            short_id: `abcde${at}`,
            room: "r".repeat(64),
          },
          ...{
            text: LONG,
            created_at: NOW,
            status: "failed",
            reason: "the relay refused it",
          },
        })),
      }),
    },
    rest: /\n\d+ more: agentnet sent --max-bytes 0\n$/,
  },
  {
    line: ["contacts"],
    answers: {
      "GET contacts": () => ({
        contacts: times(
          2_000,
          () => ({
            id: BOB_ID,
            name: "漢".repeat(20),
            muted: true,
            added_at: 1,
          }),
        ),
      }),
    },
    rest: /\n\d+ more: agentnet contacts --max-bytes 0\n$/,
  },
  {
    line: ["join", "tea"],
    answers: {
      "POST join": () =>
        someRoom({
          topic: "漢".repeat(512),
          members: times(1_000, (at) => ({
            ...{ id: BOB_ID, name: `${"漢".repeat(40)}${at}`, joined_at: NOW },
          })),
        }),
    },
    rest: / and 980 more\n/,
  },
  {
    line: ["reply", "abcde0", "Yes"],
    answers: {
      "GET message": () => ({ message: longMessages[0] }),
      "POST send": () => someSend(),
    },
    rest: /…⟧\n$/,
  },
];

for (const { line, answers, rest } of ROWS) {
  Deno.test(`${line.join(" ")}: at most 16,000 bytes of the largest answer, how to see the rest, and --max-bytes 0 shows it`, async () => {
    const { code, stdout, stderr } = await new CliRig(answers).run(...line);
    assert.equal(code, 0, stderr);
    assert.ok(bytes(stdout) <= MOST, `${bytes(stdout)}`);
    assert.match(stdout, rest);
    const json = await new CliRig(answers).run(...line, "--json");
    JSON.parse(json.stdout);
    if (line[0] === "join" || line[0] === "reply") return;
    const all = await new CliRig(answers).run(...line, "--max-bytes", "0");
    assert.equal(all.code, 0, all.stderr);
    assert.ok(bytes(all.stdout) > MOST || line[0] === "status");
    const least = await new CliRig(answers).run(...line, "--max-bytes", "4000");
    assert.equal(least.code, 0, least.stderr);
    assert.ok(bytes(least.stdout) <= 4_000);
  });
}

Deno.test("messages: six texts of 32 KB are six heads in 16,000 bytes, and count as read", async () => {
  const rig = new CliRig({
    "GET messages": () =>
      somePage(
        times(6, (at) =>
          someMessage({ cursor: at + 1, text: "word ".repeat(6_500) })),
      ),
    "POST read": () => ({ status: "ok" }),
  });
  const { stdout } = await rig.run("messages");
  assert.ok(bytes(stdout) <= MOST);
  assert.equal(stdout.match(/bytes more: agentnet show/g)?.length, 6);
  const reads = rig.calls.filter(({ route }) => route === "POST read");
  assert.deepEqual(
    reads.map(({ body }) => (body as { cursor: number }).cursor),
    [6],
  );
});

Deno.test("messages --json: a text is there whole or not at all, and a bound is kept where it is asked for", async () => {
  const answers = {
    "GET messages": () => somePage(longMessages),
    "POST read": () => ({ status: "ok" }),
  };
  const all = await new CliRig(answers).run("messages", "--json");
  const texts = JSON.parse(all.stdout).messages.map((
    { text }: { text: string },
  ) => text);
  assert.deepEqual(texts, longMessages.map(({ text }) => text));
  const some = await new CliRig(answers)
    .run("messages", "--json", "--max-bytes", "100000");
  const page = JSON.parse(some.stdout);
  assert.ok(bytes(some.stdout) <= 100_000 && page.messages.length === 3);
  assert.ok(page.messages.every(({ text }: { text: string }) => text === LONG));
  assert.equal(page.remaining, 47);
  const none = await new CliRig(answers).run(
    "messages",
    "--json",
    "--max-bytes",
    "9000",
  );
  assert.equal(none.code, 2);
  const least = /--max-bytes (\d+)/.exec(none.stdout)?.[1] ?? "";
  const again = await new CliRig(answers).run(
    "messages",
    "--json",
    "--max-bytes",
    least,
  );
  assert.equal(again.code, 0, again.stdout);
});
