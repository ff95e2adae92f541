import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

Deno.test("own messages: shown as one's own by --all, show, search and history, over a restart; never unread, never waited for", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  const daemon = await ada.online({ relay: url });
  await bob.online({ relay: url });
  await ada.run(["create", "tea"]);
  await bob.run(["join", "tea"]);
  await bob.run(["send", "tea", "Which tea?"]);
  const sent = await ada.json(["send", "tea", "Assam tea, says @ada"]);
  await bob.run(["send", "tea", "Fine tea"]);
  const came = await ada.json(["messages", "--peek", "--wait", "60s"]);
  assert.equal(came.code, 0);
  const texts = async (...line: string[]) => {
    const { value } = await ada.json(line);
    return value.messages.map(({ text, you }: { text: string; you?: true }) =>
      you ? `you: ${text}` : text
    );
  };
  const all = ["Which tea?", "you: Assam tea, says @ada", "Fine tea"];
  while ((await ada.json(["messages", "--count"])).value.count < 2);
  assert.deepEqual(await texts("messages", "--all"), all);
  assert.deepEqual(await texts("search", "tea"), all);
  assert.deepEqual(await texts("history", "tea"), all);
  const shown = await ada.json(["show", sent.value.id]);
  assert.equal(shown.value.message.you, true);
  assert.match(
    (await ada.run(["messages", "--all"])).stdout,
    / you: Assam tea/,
  );
  assert.deepEqual(await texts("messages", "--mention"), []);
  daemon.kill("SIGKILL");
  await daemon.status;
  await ada.online({ relay: url });
  assert.deepEqual(await texts("messages", "--all"), all);
  assert.deepEqual(await texts("messages"), ["Which tea?", "Fine tea"]);
  const status = await ada.json(["status"]);
  assert.equal(status.value.unread, 0);
  await ada.run(["send", "tea", "One more"]);
  assert.equal((await ada.run(["messages", "--wait", "300ms"])).code, 6);
  // Bob's answer to it is for ada, though it names nobody.
  const more = await bob.json(["messages", "--wait", "60s"]);
  await bob.run(["reply", `${more.value.messages.at(-1).cursor}`, "No"]);
  const mine = await ada.json(["messages", "--mention", "--wait", "60s"]);
  assert.equal(mine.value.messages[0].text, "No");
});
