import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { writeLeaving } from "../../../lib/sealed/leaving.ts";
import { EPOCH_BYTES } from "../../../lib/sealed/message.ts";
import { writeRecordRequest } from "../../../lib/sealed/record_request.ts";
import { writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { openSqlite } from "../../../lib/sql/sql.ts";
import { roomName } from "../../fakes/plain.ts";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { isKind, say, textOf } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

async function three() {
  const hub = new SealedHub();
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const cal = await SealedAgent.make(hub, { number: 3, name: "cal" });
  const wire = await vaultOf(hub, [ada, bob, cal]);
  return { hub, ada, bob, cal, wire };
}

const membersOf = async (hub: SealedHub, who: SealedAgent) => {
  const view = await waitFor(hub, who.session.members(VAULT));
  return view.members.map(({ id }) => id).toSorted();
};

/** What an agent's file keeps of words of leaving and coming back. */
function keptBy(who: SealedAgent): string[] {
  const mailbox = openSqlite(`${who.folder}/mailbox.db`);
  const rows = mailbox.prepare("SELECT member FROM leave_words").all();
  mailbox.close();
  return rows.map(({ member }) => String(member));
}

/** Bob left, as Ada read and has on her disk; killed before she takes him off. No relay says it again. */
async function killedAfterTheWord() {
  const { hub, ada, bob, cal, wire } = await three();
  await say(hub, bob, "here");
  await ada.hears("here");
  const isOn = async () => (await membersOf(hub, cal)).includes(bob.id);
  const leaving = bob.session.leave(VAULT);
  await hub.until(() => keptBy(ada).length > 0, "ada has his word");
  const [word] = hub.said.filter(isKind("l"));
  await hub.until(() => sealedWaiting(ada) === 0, "ada read it");
  ada.close();
  hub.shows = (raw) => raw !== word;
  strictEqual((await waitFor(hub, leaving)).still_member, undefined);
  await hub.goOn(10_000);
  strictEqual(await isOn(), true, "nobody else takes him off");
  return { hub, ada, bob, cal, wire, word: word!, isOn };
}

function sealedWaiting(who: SealedAgent): number {
  const mailbox = openSqlite(`${who.folder}/mailbox.db`);
  const row = mailbox.prepare("SELECT count(*) AS n FROM sealed_frames").get();
  mailbox.close();
  return Number(row?.n);
}

/** What was said in a room takes an agent nine seconds to have. */
function slowPast(hub: SealedHub, who: SealedAgent): void {
  const connection = hub.connection.bind(hub);
  hub.connection = (by, events) => {
    const one = connection(by, events);
    if (by.id !== who.id) return one;
    const history: typeof one.history = (query) =>
      new Promise((done) =>
        hub.clock.after(9_000, () => done(one.history(query)))
      );
    return { ...one, history };
  };
}

async function comesBack(hub: SealedHub, ada: SealedAgent) {
  ada.open();
  await hub.until(() => ada.session.status().connected, "a connection");
}

Deno.test("leave: an admin's daemon that is killed after his word takes him off once it is there again, and keeps no word then", async () => {
  const { hub: made, ada, cal, isOn } = await killedAfterTheWord();
  using hub = made;
  await comesBack(hub, ada);
  await hub.until(async () => !(await isOn()), "bob is off");
  deepStrictEqual(await membersOf(hub, ada), [ada.id, cal.id].toSorted());
  await hub.goOn(5_000);
  deepStrictEqual(keptBy(ada), []);
  strictEqual(await say(hub, cal, "we go on"), "accepted");
  await ada.hears("we go on");
  strictEqual(hub.said.filter(isKind("l")).length, 1);
});

Deno.test("leave: who came back while the admin's daemon that has his word was away stays, however slow his room's past is", async () => {
  const { hub: made, ada, bob, cal, wire } = await killedAfterTheWord();
  using hub = made;
  await waitFor(hub, bob.session.recover({ wire }));
  slowPast(hub, ada);
  await comesBack(hub, ada);
  await hub.goOn(60_000);
  const all = [ada.id, bob.id, cal.id].toSorted();
  deepStrictEqual(await membersOf(hub, ada), all);
  strictEqual(await say(hub, ada, "welcome back"), "accepted");
  await bob.hears("welcome back");
});

Deno.test("leave: who stays away is taken off once a slow past is had", async () => {
  const { hub: made, ada, isOn } = await killedAfterTheWord();
  using hub = made;
  slowPast(hub, ada);
  await comesBack(hub, ada);
  await hub.goOn(5_000);
  strictEqual(await isOn(), true);
  await hub.goOn(40_000);
  strictEqual(await isOn(), false);
});

Deno.test("leave: his old word, which a relay says again to an admin's daemon that was killed after he came back, takes nobody off", async () => {
  const { hub: made, ada, bob, cal, wire, word } = await killedAfterTheWord();
  using hub = made;
  await waitFor(hub, bob.session.recover({ wire }));
  await comesBack(hub, ada);
  await hub.goOn(10_000);
  // What he said of coming back is shown no more.
  hub.shows = (raw: RawObject) => !isKind("j")(raw);
  await ada.restart();
  await hub.goOn(5_000);
  hub.give(word, ada.id);
  await hub.goOn(10_000);
  const all = [ada.id, bob.id, cal.id].toSorted();
  deepStrictEqual(await membersOf(hub, ada), all);
  // And he may leave as ever.
  hub.shows = () => true;
  await waitFor(hub, bob.session.leave(VAULT));
  await hub.until(
    async () => !(await membersOf(hub, ada)).includes(bob.id),
    "bob is off",
  );
});

Deno.test("leave: of a room that the admin's daemon left no word is kept", async () => {
  const { hub: made, ada, bob } = await killedAfterTheWord();
  using hub = made;
  deepStrictEqual(keptBy(ada), [bob.id]);
  ada.open({ connect: () => Promise.reject(new Error("no relay")) });
  await hub.goOn(2_000);
  await waitFor(hub, ada.session.leave({ ...VAULT, force: true }));
  deepStrictEqual(keptBy(ada), []);
});

Deno.test("leave: the word of one who stepped down waits for the record by which he did, which is asked for", async () => {
  const { hub: made, ada, bob, cal } = await three();
  using hub = made;
  const change = "admin" as const;
  await waitFor(
    hub,
    ada.session.member({ ...VAULT, agent: bob.id, change }),
  );
  await hub.goOn(2_000);
  const steps = (raw: RawObject) => raw.from === bob.id && isKind("e")(raw);
  hub.tells = (raw, to) => to === ada.id && steps(raw) ? [] : [raw];
  hub.shows = (raw, to) => to !== ada.id || !steps(raw);
  await waitFor(hub, bob.session.leave(VAULT));
  await hub.until(() => keptBy(ada).includes(bob.id), "ada has his word");
  strictEqual((await membersOf(hub, ada)).includes(bob.id), true);
  // The relay keeps it back: she asks the others for it.
  await hub.until(
    async () => !(await membersOf(hub, ada)).includes(bob.id),
    "bob is off",
  );
  await hub.goOn(3_000);
  deepStrictEqual(await membersOf(hub, cal), [ada.id, cal.id].toSorted());
});

Deno.test("leave: a word that could not be written is read again after a kill", async () => {
  const { hub: made, ada, bob } = await three();
  using hub = made;
  const isOff = async () => !(await membersOf(hub, ada)).includes(bob.id);
  breakDisk(ada, true);
  await waitFor(hub, bob.session.leave(VAULT));
  const [word] = hub.said.filter(isKind("l"));
  await hub.goOn(10_000);
  strictEqual(await isOff(), false);
  ada.close();
  deepStrictEqual(keptBy(ada), []);
  breakDisk(ada, false);
  hub.shows = (raw) => raw !== word;
  await comesBack(hub, ada);
  await hub.until(isOff, "bob is off");
});

function breakDisk(who: SealedAgent, full: boolean): void {
  const mailbox = openSqlite(`${who.folder}/mailbox.db`);
  mailbox.exec(
    full
      ? `CREATE TRIGGER full BEFORE INSERT ON leave_words BEGIN
           SELECT RAISE(ABORT, 'database or disk is full'); END`
      : "DROP TRIGGER full",
  );
  mailbox.close();
}

Deno.test("leave: however many words a member says, of epochs that there are not, one of his is kept, and he stays; of a stranger none", async () => {
  const { hub: made, ada, bob, cal, wire } = await three();
  using hub = made;
  const mal = await SealedAgent.make(hub, { number: 7, name: "mal" });
  const epoch = new Uint8Array(EPOCH_BYTES).fill(0xee);
  const strange = writeSealed("l", writeLeaving(epoch));
  hub.say(mal.identity, { room: roomName(wire), id: "mal", text: strange });
  await hub.goOn(5_000);
  deepStrictEqual(keptBy(ada), []);
  const asks = writeSealed("q", writeRecordRequest(epoch));
  strictEqual(hub.said.some((raw) => textOf(raw) === asks), false);
  for (let n = 0; n < 40; n++) {
    const body = writeLeaving(new Uint8Array(EPOCH_BYTES).fill(n));
    const text = writeSealed("l", body);
    hub.say(bob.identity, { room: roomName(wire), id: `l${n}`, text });
  }
  await hub.goOn(10_000);
  deepStrictEqual(keptBy(ada), [bob.id]);
  deepStrictEqual(keptBy(cal), []);
  const all = [ada.id, bob.id, cal.id].toSorted();
  deepStrictEqual(await membersOf(hub, ada), all);
  // And he may leave as ever.
  await waitFor(hub, bob.session.leave(VAULT));
  await hub.until(
    async () => !(await membersOf(hub, ada)).includes(bob.id),
    "bob is off",
  );
});
