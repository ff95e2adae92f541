import assert from "node:assert/strict";
import { NOW, someMessage, someStatus } from "../fakes/api_values.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";
import { McpBed } from "../fakes/mcp_bed.ts";

const fileNamed = (name: string, until = NOW + 3_600_000) => ({
  ...{ name, size: 12_300, sha256: "ab".repeat(32), until },
});
const withFile = (name: string, until?: number) =>
  someMessage({ short_id: "k7q2xm", file: fileNamed(name, until) });

Deno.test("files: a line a file inside the fence, with what files --json has", async () => {
  await using bed = await McpBed.open({
    "GET files": () => ({
      messages: [
        withFile("report.pdf"),
        { ...withFile("old.pdf", NOW - 1), you: true },
      ],
    }),
  });
  const shown = await bed.text("files", { room: "tea" });
  const lines = shown.trimEnd().split("\n");
  assert.match(lines[0]!, /^⟦untrusted/);
  assert.match(
    lines[1]!,
    /^k7q2xm .*bob·.* ✓, 12\.3 KB, sha256 abababababab, until .*, available: report\.pdf$/,
  );
  assert.match(lines[2]!, / you, .*, ended: old\.pdf$/);
  assert.match(lines[3]!, /^⟦end/);
  const [asked] = bed.calls.filter(({ route }) => route === "GET files");
  assert.equal(asked?.query.get("room"), "tea");
});

Deno.test("files: hostile names are one line each, inside the fence, within the bound, and what is left out is told", async () => {
  const all = HOSTILE_TEXTS.map(({ text }) => withFile(text));
  let messages = all;
  await using bed = await McpBed.open({ "GET files": () => ({ messages }) });
  for (let from = 0; from < all.length; from += 200) {
    messages = all.slice(from, from + 200);
    const shown = await bed.text("files", { room: "tea", max_bytes: 64_000 });
    const end = shown.split("\n").findIndex((line) => line.startsWith("⟦end"));
    assert.equal(end, messages.length + 1);
  }
  const some = await bed.text("files", { room: "tea", max_bytes: 2_000 });
  assert.ok(new TextEncoder().encode(some).length <= 2_000);
  const left = Number(
    /^(\d+) more did not fit: raise max_bytes$/m.exec(some)?.[1],
  );
  const listed = some.split("\n").filter((line) => line.startsWith("k7q2xm"));
  assert.equal(listed.length + left, messages.length);
});

Deno.test("files: of a room that this agent is not in says so and names the near one; of its own that there are none", async () => {
  const rooms = [{
    ...{ name: "tea", state: "joined" as const, joined: true, unread: 0 },
  }];
  await using bed = await McpBed.open({
    "GET files": () => ({ messages: [] }),
    "GET status": () => someStatus({ rooms }),
    "GET count": () => ({ count: 0 }),
  });
  assert.match(
    await bed.text("files", { room: "tee" }),
    /^NOT_IN_ROOM: .*'tee'.*did you mean 'tea'/,
  );
  assert.equal(await bed.text("files", { room: "tea" }), "no files\n");
  assert.equal(await bed.text("files", { room: "@bob" }), "no files\n");
  assert.match(await bed.text("files", { room: "Ä" }), /^ROOM_NAME_INVALID/);
});
