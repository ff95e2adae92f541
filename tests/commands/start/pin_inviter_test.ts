import assert from "node:assert/strict";
import { pinInviter } from "../../../commands/start/pin_inviter.ts";
import type { Contact } from "../../../lib/local_api/types/contacts.ts";
import { BOB_ID, NOW, OWN_ID } from "../../fakes/api_values.ts";

const OTHER_ID = "7fdPWkKxAqKxAizS83PUxtKtgB93N7frVXfCZwfvzLHy";

function rig(contacts: readonly Partial<Contact>[] = []) {
  const pinned: unknown[] = [];
  const kept = contacts.map((one) => ({
    id: OTHER_ID,
    muted: false,
    added_at: NOW,
    ...one,
  }));
  return {
    pinned,
    api: {
      identity: () => Promise.resolve({ id: OWN_ID, name: "ada" }),
      contacts: () => Promise.resolve({ contacts: kept }),
      pin: (request: { agent: string; name: string }) => {
        pinned.push(request);
        return Promise.resolve({ contact: kept[0] as Contact });
      },
    },
  };
}

Deno.test("pinInviter: whoever invites becomes a contact, also one that was only muted", async () => {
  for (const contacts of [[], [{ id: BOB_ID, muted: true }]]) {
    const { api, pinned } = rig(contacts);
    const { inviter } = await pinInviter(api, { id: BOB_ID, name: "bob" });
    assert.deepEqual(inviter, { id: BOB_ID, pinned: true, name: "bob" });
    assert.deepEqual(pinned, [{ agent: BOB_ID, name: "bob" }]);
  }
});

Deno.test("pinInviter: a name that the user pinned stays as he pinned it", async () => {
  const { api, pinned } = rig([{ id: BOB_ID, name: "Bobby" }]);
  const { inviter } = await pinInviter(api, { id: BOB_ID, name: "evil" });
  assert.deepEqual(inviter, { id: BOB_ID, pinned: true, name: "Bobby" });
  assert.deepEqual(pinned, []);
});

Deno.test("pinInviter: a name that is another's, or looks like it, is not pinned to a second key", async () => {
  for (const name of ["bob", "BOB", "b0b", "bоb"]) {
    const { api, pinned } = rig([{ id: OTHER_ID, name: "bob" }]);
    const told = await pinInviter(api, { id: BOB_ID, name });
    assert.equal(told.inviter.pinned, false, name);
    assert.match(told.words, /not the bob that you know: not pinned$/);
    assert.deepEqual(pinned, []);
  }
});

Deno.test("pinInviter: neither oneself nor one without a name is pinned", async () => {
  const { api, pinned } = rig();
  const own = await pinInviter(api, { id: OWN_ID, name: "ada" });
  const unnamed = await pinInviter(api, { id: BOB_ID, name: "" });
  assert.deepEqual([own.inviter.pinned, unnamed.inviter.pinned], [
    false,
    false,
  ]);
  assert.deepEqual(pinned, []);
});
