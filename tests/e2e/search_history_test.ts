import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

Deno.test("search --history: a newcomer finds what was decided before it came", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(
    ["--join-age", "0", "--create-age", "0", "--limits", "off"],
  );
  const ada = stage.agent("ada");
  await ada.online({ relay: url, env: { AGENTNET_BRAKES: "off" } });
  await ada.run(["create", "tea"]);
  await ada.run(["send", "tea", "Decided: the parser is Ada's"]);
  const talk = Array.from({ length: 230 }, (_, n) => `talk ${n}`);
  await sendAll(ada.dataDir, talk);
  await ada.run(["send", "tea", "The parser again"]);
  const bob = stage.agent("bob");
  await bob.online({ relay: url });
  await bob.run(["join", "tea"]);
  const before = await bob.json(["search", "decided", "parser"]);
  assert.deepEqual(before.value.messages, []);
  for (const flags of [["--room", "tea"], []]) {
    const line = ["search", "decided", "PARSER", "--history", ...flags];
    const { code, value } = await bob.json(line);
    assert.equal(code, 0);
    const [found] = value.messages;
    assert.deepEqual(
      [value.messages.length, found.text, found.verified],
      [1, "Decided: the parser is Ada's", true],
    );
    const [looked] = value.looked;
    assert.deepEqual([looked.room, looked.complete], ["tea", true]);
    assert.ok(looked.messages >= 232, `${looked.messages}`);
    const shown = await bob.run(line);
    assert.match(shown.stdout, /history of 1 room was looked through whole/);
    const { short_id } = found;
    const replied = await bob.run(["reply", short_id, "--room", "tea", "Yes"]);
    assert.equal(replied.code, 0, replied.stderr);
  }
});

/** Sends texts over the daemon's own API: a program for each would take minutes. */
async function sendAll(dataDir: string, texts: readonly string[]) {
  const address = (await Deno.readTextFile(`${dataDir}/api.addr`)).trim();
  const token = (await Deno.readTextFile(`${dataDir}/api.token`)).trim();
  for (const text of texts) {
    const response = await fetch(`http://${address}/v2/send`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ room: "tea", text }),
    });
    assert.equal((await response.json()).status, "accepted");
  }
}
