import assert from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { agent } from "../../fakes/agents.ts";
import { SealedAgent, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { faultOf, summaryOf } from "../../fakes/transcript_verdicts.ts";
import { exported, remade, texts } from "../../fakes/vault_transcript.ts";

/** By whatever way a relay has: what it keeps for one agent, or the room of the pair. */
const WAYS = { "direct": undefined, "a pair's room": [] } as const;

async function talked(features?: readonly []) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await ada.session.pin({ agent: bob.id, name: "bob" });
  await bob.session.pin({ agent: ada.id, name: "ada" });
  const say = async (who: SealedAgent, room: string, text: string) => {
    const sent = who.session.send({ room, text, receipt: true });
    return (await waitFor(hub, sent)).status;
  };
  await say(ada, "@bob", "one");
  await bob.hears("one");
  await say(bob, "@ada", "two");
  await ada.hears("two");
  await hub.goOn(20_000);
  await say(ada, "@bob", "three");
  await bob.hears("three");
  return { hub, ada, bob };
}

for (const [way, features] of Object.entries(WAYS)) {
  Deno.test(`a talk's transcript, ${way}: of both, each checked, by either; also after a restart`, async () => {
    const { hub: made, ada, bob } = await talked(features);
    using hub = made;
    for (const [who, room] of [[ada, "@bob"], [bob, "@ada"]] as const) {
      await who.restart();
      const made = await exported(hub, who, room as RoomName);
      assert.deepEqual([made.messages, made.withoutFrame], [3, 0]);
      assert.deepEqual(texts(made.lines), ["one", "two", "three"]);
      const { head, sealed, authors } = summaryOf(made.lines);
      assert.deepEqual([head.room, head.by, authors], [room, who.id, 2]);
      assert.equal(head.with, who === ada ? bob.id : ada.id);
      assert.deepEqual(sealed?.holes, []);
      assert.deepEqual([sealed?.unopened, sealed?.others], [0, 0]);
      assert.equal(sealed?.unsigned_frames, 0);
    }
  });
}

for (const [way, features] of Object.entries(WAYS)) {
  Deno.test(`a talk's transcript, ${way}: it is of nobody else's talk`, async () => {
    const { hub: made, ada } = await talked(features);
    using hub = made;
    const { lines } = await exported(hub, ada, "@bob" as RoomName);
    const others = remade(
      ada,
      lines,
      (line) => "with" in line ? { ...line, with: agent(3).id } : line,
    );
    const first = lines.findIndex((line) => "key" in JSON.parse(line));
    const fault = faultOf(others);
    assert.equal(fault?.reason, "it is of another room");
    assert.ok(fault.line > first);
  });
}

Deno.test("a talk's transcript: another's word, another's key and a foreign frame are found in their line", async () => {
  const { hub: made, ada, bob } = await talked();
  using hub = made;
  const eve = await SealedAgent.make(hub, { number: 3, name: "eve" });
  await eve.session.pin({ agent: ada.id, name: "ada" });
  await ada.session.pin({ agent: eve.id, name: "eve" });
  await waitFor(hub, eve.say("@ada", "psst"));
  await ada.hears("psst");
  const own = (await exported(hub, ada, "@bob" as RoomName)).lines;
  const eves = (await exported(hub, ada, "@eve" as RoomName)).lines;
  const foreign: RawObject = JSON.parse(eves[1]!);
  const other: RawObject = JSON.parse(own[2]!);
  const at1 = (change: (line: RawObject) => RawObject) =>
    faultOf(
      remade(ada, own, (line, at) => at === 1 ? change(line) : line),
    );
  assert.equal(at1((line) => line), null);
  const cases: [RegExp, (line: RawObject) => RawObject][] = [
    [/its text is not what/, (line) => ({ ...line, text: "none" })],
    [/what is sealed in it/, (line) => ({ ...line, key: other.key })],
    [/it is of another room/, () => foreign],
    [/signature is not its author's/, (line) => ({
      ...line,
      frame: { ...line.frame as RawObject, timestamp: 1 },
    })],
    [/a talk has no records/, () => ({
      after: "",
      epoch: { author: bob.id, body: "AAAA" },
    })],
  ];
  for (const [reason, change] of cases) {
    const fault = at1(change);
    assert.equal(fault?.line, 2, `${reason}`);
    assert.match(fault?.reason ?? "", reason);
  }
  const [head = "", ...rest] = own;
  const alone = [head.replace(`,"with":"${bob.id}"`, ""), ...rest];
  assert.notEqual(faultOf(alone), null);
});

Deno.test("a talk's transcript: what came before frames were kept is said to be left out; there is none of a talk that never was", async () => {
  const { hub: made, ada } = await talked();
  using hub = made;
  const database = new (await import("node:sqlite")).DatabaseSync(
    `${ada.folder}/mailbox.db`,
  );
  database.exec(
    "DELETE FROM talk_frames WHERE rowid IN (SELECT min(rowid) FROM talk_frames)",
  );
  database.close();
  const { messages, withoutFrame, lines } = await exported(
    hub,
    ada,
    "@bob" as RoomName,
  );
  assert.deepEqual([messages, withoutFrame], [2, 1]);
  assert.equal(summaryOf(lines).messages, 2);
  await assert.rejects(exported(hub, ada, "@nobody" as RoomName), {
    code: /NOT_IN_ROOM|NOT_FOUND|USAGE/,
  });
});
