import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import { Bans } from "../../../relay/admin/bans.ts";
import {
  AdmissionLists,
  type Lists,
} from "../../../relay/keeper/admission_lists.ts";
import { readAdmission } from "../../../relay/keeper/operator_files.ts";
import { parseRelayOptions } from "../../../relay/keeper/relay_settings.ts";
import { agent } from "../../fakes/agents.ts";
import { settle } from "../../fakes/fake_clock.ts";

const [ada, bob, eve] = [agent(1).id, agent(2).id, agent(3).id];

/** Lists of files that a test writes; the texts are by path. */
async function rig(texts: Record<string, string>) {
  const disk = { ready: Promise.resolve() };
  const readText = async (path: string) => {
    const text = texts[path];
    await disk.ready;
    if (text === undefined) throw new Error("no such file");
    return text;
  };
  const options = parseRelayOptions({
    ...{ data: "/data", deny: "deny" },
    ...("allow" in texts ? { allow: "allow" } : {}),
  }, undefined);
  const errors: string[] = [];
  const log = {
    ...silentLogger,
    error: (_event: string, fields?: Readonly<Record<string, unknown>>) =>
      void errors.push(String(fields?.reason)),
  };
  const bans = await Bans.read("bans", {
    readText: () => Promise.resolve(`${eve}\n`),
    writeWhole: () => Promise.resolve(),
  });
  const files = await readAdmission(options, readText);
  const lists = new AdmissionLists({ options, readText, log, files, bans });
  const reload = async () => {
    const passed: Lists[] = [];
    await lists.reload((now) => void passed.push(now));
    return { passed, error: errors.splice(0)[0] };
  };
  return { texts, lists, reload, disk };
}

Deno.test("AdmissionLists.reload: a list that is blank, broken or gone by now leaves the old ones in force, and says which", async () => {
  const cases: [path: string, text: string | undefined, words: RegExp][] = [
    ["deny", "", /deny.*empty by now.*#/],
    ["deny", " \n\n", /deny.*empty by now/],
    ["deny", "not an id", /deny: line 1/],
    ["deny", undefined, /deny: no such file/],
    ["allow", "", /allow.*empty by now/],
  ];
  for (const [path, text, words] of cases) {
    const { texts, lists, reload } = await rig({ deny: ada, allow: bob });
    const before = lists.inForce();
    if (text === undefined) delete texts[path];
    else texts[path] = text;
    const { passed, error } = await reload();
    assert.deepEqual(passed, [], `${path} ${text}`);
    assert.match(error ?? "", words);
    assert.deepEqual(lists.inForce(), before);
  }
});

Deno.test("AdmissionLists.reload: a list is emptied on purpose by a comment; one that was empty may stay so; bans hold", async () => {
  const { texts, reload } = await rig({ deny: ada });
  texts.deny = "# nobody\n";
  assert.deepEqual((await reload()).passed, [{ deny: new Set([eve]) }]);
  texts.deny = "";
  assert.deepEqual((await reload()).passed, [{ deny: new Set([eve]) }]);
  texts.deny = bob;
  assert.deepEqual((await reload()).passed, [{ deny: new Set([bob, eve]) }]);
});

Deno.test("AdmissionLists.reload: of two at once the later one counts, however slow the disk was for the earlier", async () => {
  const { texts, lists, reload, disk } = await rig({ deny: ada });
  const slow = Promise.withResolvers<void>();
  disk.ready = slow.promise;
  texts.deny = `${bob}\n`;
  const first = reload();
  await settle();
  disk.ready = Promise.resolve();
  texts.deny = `${ada}\n${bob}\n`;
  const second = reload();
  await settle();
  slow.resolve();
  await Promise.all([first, second]);
  assert.deepEqual(lists.inForce().deny, new Set([ada, bob, eve]));
});
