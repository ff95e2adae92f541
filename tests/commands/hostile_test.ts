import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { refusedKind } from "../../lib/text_rules/characters.ts";
import {
  BOB_ID,
  OWN_ID,
  someListing,
  someMessage,
  somePage,
  someRoom,
  someStatus,
} from "../fakes/api_values.ts";
import { type ApiAnswer, type CliAnswer, CliRig } from "../fakes/cli_rig.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";

Deno.test("HOSTILE_TEXTS: at least 500", () => {
  assert.ok(HOSTILE_TEXTS.length >= 500, `${HOSTILE_TEXTS.length}`);
});

/** No character that steers a terminal or hides, but the end of each line. */
function assertHarmless({ stdout, stderr }: CliAnswer, told: string): void {
  for (const character of stdout + stderr) {
    if (character === "\n") continue;
    const kind = refusedKind(character.codePointAt(0) as number);
    assert.equal(kind, null, `${told}: ${kind}`);
  }
}

/** One fence, opened and closed by the same marker, and no bracket of a fence anywhere else; the lines inside. */
function insideFence(stdout: string, told: string): string[] {
  const lines = stdout.split("\n");
  const open = lines.findIndex((line) => line.startsWith("⟦untrusted "));
  const marker = /^⟦untrusted (\w{8}): [^⟦⟧]*⟧$/.exec(lines[open] ?? "")?.[1];
  assert.ok(marker, `${told}: no fence in ${JSON.stringify(stdout)}`);
  const close = lines.indexOf(`⟦end ${marker}⟧`);
  assert.ok(close > open, told);
  const rest = lines.filter((_, place) => place !== open && place !== close);
  assert.doesNotMatch(rest.join("\n"), /[⟦⟧〚〛⟬⟭]/, told);
  return lines.slice(open + 1, close);
}

const page = (changed: Parameters<typeof someMessage>[0]) => ({
  "GET messages": () => somePage([someMessage(changed), someMessage()]),
  "POST read": () => ({ status: "ok" }),
});

/** Runs text and JSON; the JSON is parsed. */
async function both(
  answers: Record<string, ApiAnswer>,
  line: readonly string[],
) {
  const text = await new CliRig(answers).run(...line);
  const json = await new CliRig(answers).run(...line, "--json");
  assert.match(json.stdout, /^[^\n]+\n$/);
  return { text, json, value: JSON.parse(json.stdout) };
}

for (const field of ["text", "from_name", "room"] as const) {
  Deno.test(`messages: a hostile ${field} stays in its line and can't speak as another`, async () => {
    for (const { kind, text } of HOSTILE_TEXTS) {
      const told = `${kind} ${JSON.stringify(text)}`;
      const line = ["messages", "--peek"];
      const shown = await both(page({ [field]: text }), line);
      assertHarmless(shown.text, told);
      assertHarmless(shown.json, told);
      assert.equal(shown.value.messages[0][field], text, told);
      const inside = insideFence(shown.text.stdout, told);
      // Above the messages one line of ours; two rooms stand in their lines.
      assert.equal(inside.length, 3, told);
      const [above = "", first = "", second = ""] = inside;
      assert.match(above, /^(#.*, )?2027-01-15 UTC, now 08:00$/, told);
      assert.match(first, /^7 07:59 (#.* )?\S.*·5hRk2mVq ✓: /, told);
      assert.match(
        second,
        /^7 (#tea )?(bob|bob·5hRk2mVq ✓): Assam, please$/,
        told,
      );
      // The first key and mark of a line are the speaker's.
      const speaker = /·(\S{8}) ✓: /.exec(first)?.[1];
      assert.equal(speaker, BOB_ID.slice(0, 8), told);
    }
  });
}

Deno.test("history and show: hostile text stays in its line", async () => {
  for (const { kind, text } of HOSTILE_TEXTS) {
    const message = someMessage({ text, from_name: text });
    const answers = {
      "GET history": () => ({
        room: "tea",
        messages: [message],
        has_more: false,
      }),
      "GET message": () => ({ message }),
    };
    for (const line of [["history", "tea"], ["show", "msg-7"]]) {
      const shown = await both(answers, line);
      assertHarmless(shown.text, kind);
      assertHarmless(shown.json, kind);
      assert.equal(insideFence(shown.text.stdout, kind).length, 1, kind);
    }
  }
});

Deno.test("rooms: a hostile name, topic or tag stays in its line", async () => {
  for (const { kind, text } of HOSTILE_TEXTS) {
    const rooms = [
      someListing({ name: text, topic: text, tags: [text] }),
      someListing(),
    ];
    const answers = {
      "GET rooms": () => ({ rooms, has_more: false, partial: false }),
    };
    const shown = await both(answers, ["rooms"]);
    assertHarmless(shown.text, kind);
    assertHarmless(shown.json, kind);
    assert.equal(insideFence(shown.text.stdout, kind).length, 2, kind);
    assert.deepEqual(shown.value.rooms, rooms);
  }
});

Deno.test("join, create and who: hostile topics, tags and members stay in their lines", async () => {
  const plain = new CliRig({ "GET members": () => someRoom() });
  const before = insideFence((await plain.run("who", "tea")).stdout, "plain");
  for (const { kind, text } of HOSTILE_TEXTS) {
    const room = someRoom({
      topic: text,
      tags: [text],
      members: [{ id: BOB_ID, name: text, joined_at: 0 }],
    });
    const answers = {
      "POST join": () => room,
      "POST create": () => room,
      "GET members": () => room,
      "GET identity": () => ({ id: OWN_ID, name: "ada" }),
    };
    for (const name of ["join", "create", "who"]) {
      const shown = await both(answers, [name, "tea"]);
      assertHarmless(shown.text, kind);
      assertHarmless(shown.json, kind);
      const inside = insideFence(shown.text.stdout, kind);
      if (name === "who") assert.equal(inside.length, before.length, kind);
      assert.deepEqual(shown.value, room);
    }
  }
});

Deno.test("every error: what a relay wrote stays in one line", async () => {
  for (const { kind, text } of HOSTILE_TEXTS) {
    const refused = new Failure("RELAY_REFUSED", { fields: { reason: text } });
    const answers = {
      "POST send": () => refused,
      "GET status": () =>
        someStatus({ connected: false, reason: text, warnings: [text] }),
    };
    const shown = await both(answers, ["send", "tea", "Hello"]);
    assertHarmless(shown.text, kind);
    assertHarmless(shown.json, kind);
    assert.match(shown.text.stderr, /^agentnet: the relay refuses: [^\n]*\n$/);
    assert.equal(shown.value.error.message, refused.message);
    const status = await both(answers, ["status"]);
    assertHarmless(status.text, kind);
    assertHarmless(status.json, kind);
  }
});

Deno.test("messages: two calls never share a marker", async () => {
  const rig = new CliRig(page({}));
  const first = (await rig.run("messages")).stdout.slice(0, 30);
  const second = (await rig.run("messages")).stdout.slice(0, 30);
  assert.notEqual(first, second);
});

Deno.test("messages --raw: the text as it came, on request alone", async () => {
  const text = "two\nlines \u001b[1mbold";
  const rig = new CliRig(page({ text }));
  const { stdout } = await rig.run("messages", "--raw", "--peek");
  assert.ok(stdout.includes(text));
});

Deno.test("messages: what was caught up after an absence, or is not verified, says so", async () => {
  const rig = new CliRig(page({ late: true, verified: false }));
  const { stdout } = await rig.run("messages");
  const [above = "", first = "", live = ""] = insideFence(stdout, "late");
  assert.match(above, /^#tea, .*, arrived while you were away, now 08:00$/);
  assert.match(first, /bob·5hRk2mVq unverified: /);
  assert.equal(live, "#tea, 2027-01-15 UTC");
});
