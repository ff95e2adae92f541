import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { BOB_ID, NOW } from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";

const BOB = { id: BOB_ID, name: "bob", muted: true, added_at: NOW };

for (const name of ["mute", "unmute", "unpin"]) {
  Deno.test(`${name}: tells the daemon the key, and says what is kept of the agent`, async () => {
    const rig = new CliRig({ [`POST ${name}`]: () => ({ contact: BOB }) });
    const { code, stdout } = await rig.run(name, "5hRk2mVq");
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`: ${BOB_ID}  bob  muted\\n$`));
    assert.deepEqual(rig.calls[0]?.body, { agent: "5hRk2mVq" });
    const json = await rig.run(name, "5hRk2mVq", "--json");
    assert.deepEqual(JSON.parse(json.stdout), { contact: BOB });
  });
}

Deno.test("pin: key, then name; both are needed", async () => {
  const rig = new CliRig({
    "POST pin": ({ body }: ApiCall) => ({
      contact: { ...BOB, ...body as object, muted: false },
    }),
  });
  const { code, stdout } = await rig.run("pin", BOB_ID, "Bobby B");
  assert.deepEqual([code, stdout], [0, `pinned: ${BOB_ID}  Bobby B\n`]);
  assert.equal((await rig.run("pin", BOB_ID)).code, 2);
});

Deno.test("contacts: a line each, and who there is none says how to get one", async () => {
  const rig = new CliRig({ "GET contacts": () => ({ contacts: [BOB] }) });
  assert.equal((await rig.run("contacts")).stdout, `${BOB_ID}  bob  muted\n`);
  const none = new CliRig({ "GET contacts": () => ({ contacts: [] }) });
  assert.match(
    (await none.run("contacts")).stdout,
    /agentnet pin <key> <name>/,
  );
});

Deno.test("mute: an agent that nobody knows is wrong use, and says where whole keys are", async () => {
  const rig = new CliRig({
    "POST mute": () =>
      new Failure("NOT_FOUND", {
        fields: { what: "agent", fix: "agentnet who ROOM --json" },
      }),
  });
  const { code, stderr } = await rig.run("mute", "zzzzzzzz");
  assert.equal(code, 2);
  assert.match(stderr, /agentnet who ROOM --json/);
});
