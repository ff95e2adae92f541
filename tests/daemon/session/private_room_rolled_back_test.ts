import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { SealedAgent, vaultOf, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { isKind, say } from "../../fakes/sealed_scene.ts";

const VAULT = { room: "vault" };

/** All that an agent has on disk, its daemon ended. @returns what puts it back, as a backup of then */
function copyOf(who: SealedAgent): () => void {
  const keys = new Map(who.files.names);
  const files = [...Deno.readDirSync(who.folder)].map(({ name }) => {
    const path = `${who.folder}/${name}`;
    return { path, bytes: Deno.readFileSync(path) };
  });
  return () => {
    who.forget();
    for (const [path, inode] of keys) who.files.names.set(path, inode);
    for (const { path, bytes } of files) Deno.writeFileSync(path, bytes);
  };
}

async function opened(hub: SealedHub, who: SealedAgent): Promise<void> {
  who.open();
  const isThere = () => who.session.status().rooms[0]?.joined === true;
  await hub.until(isThere, `${who.name} is there`);
}

for (const [relay, features] of [["ours", undefined], ["Go's", []]] as const) {
  for (const name of ["ada", "bob"] as const) {
    const who = name === "ada" ? "the admin" : "a member";
    Deno.test(`a rolled-back state of ${who}, a relay as ${relay}: he takes what was since, brings back nobody who was removed, and is no second daemon`, async () => {
      using hub = new SealedHub(features as [] | undefined);
      const [ada, bob, cal] = [
        await SealedAgent.make(hub, { number: 1, name: "ada" }),
        await SealedAgent.make(hub, { number: 2, name: "bob" }),
        await SealedAgent.make(hub, { number: 3, name: "cal" }),
      ];
      await vaultOf(hub, [ada, bob, cal]);
      const old = name === "ada" ? ada : bob;
      const other = name === "ada" ? bob : ada;
      await say(hub, old, "before the copy");
      await hub.goOn(2_000);
      old.close();
      const putBack = copyOf(old);
      await opened(hub, old);
      const remove = { ...VAULT, agent: cal.id, change: "remove" } as const;
      await waitFor(hub, ada.session.member(remove));
      await hub.goOn(2_000);
      await say(hub, old, "since the copy");
      await say(hub, other, "an answer");
      await old.hears("an answer");
      const records = () => hub.said.filter(isKind("e")).length;
      const were = records();
      old.close();
      putBack();
      await opened(hub, old);
      await old.hears("an answer");
      await hub.goOn(5_000);
      await say(hub, old, "after the copy");
      await other.hears("after the copy");
      await hub.goOn(40_000);
      for (const one of [ada, bob]) {
        const { members } = await waitFor(hub, one.session.members(VAULT));
        deepStrictEqual(
          members.map(({ id, two_daemons }) => [id, two_daemons]).toSorted(),
          [[ada.id, undefined], [bob.id, undefined]].toSorted(),
        );
        deepStrictEqual(await one.gaps("vault"), []);
      }
      strictEqual(records(), were, "no epoch of an older state");
      const { warnings } = old.session.status();
      deepStrictEqual(warnings.filter((one) => /two daemons/.test(one)), []);
      const since = ["since the copy", "an answer", "after the copy"];
      for (const one of [ada, bob]) {
        const all = ["before the copy", ...since].toSorted();
        deepStrictEqual((await one.texts("vault")).toSorted(), all);
      }
      const heard = await cal.texts();
      deepStrictEqual(heard.filter((text) => since.includes(text)), []);
    });
  }
}
