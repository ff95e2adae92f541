import assert from "node:assert/strict";
import type { MailboxDatabase } from "../../../daemon/mailbox/database.ts";
import { RelayNames } from "../../../daemon/mailbox/relay_names.ts";
import { SendLog } from "../../../daemon/mailbox/send_log.ts";
import { memoryMailbox } from "../../fakes/mailbox_rig.ts";
import { plainCalls } from "../../fakes/plain.ts";

const [A, B, C, D] = ["wss://a/", "wss://b/", "wss://c/", "wss://d/"] as const;

/** What a daemon that is started with these addresses keeps its rooms under, having noted it. */
function started(
  database: MailboxDatabase,
  ...urls: [string, ...string[]]
): string {
  const names = new RelayNames(database, urls);
  names.note();
  return names.name;
}

function keep(database: MailboxDatabase, relay: string): void {
  plainCalls(new SendLog(database, relay)).add({
    ...{ id: "m", room: "tea", text: "m", replyTo: undefined },
    ...{ createdAt: 1, status: "accepted" },
  });
}

Deno.test("RelayNames: the first address names a relay that is new, and then does in every order", () => {
  const { database } = memoryMailbox();
  const name = started(database, B, A);
  assert.equal(name, B);
  assert.equal(started(database, A, B), B, "before anything is kept");
  keep(database, name);
  const orders: [string, ...string[]][] = [[A, B], [B, A], [A, C, B]];
  for (const urls of orders) {
    assert.equal(started(database, ...urls), B);
  }
});

Deno.test("RelayNames: the address that it is kept under may be gone, alone or with more that come", () => {
  const { database } = memoryMailbox();
  keep(database, started(database, A, B, C));
  assert.equal(started(database, C, B), A);
  assert.equal(started(database, D, C), A);
  assert.equal(started(database, D), A);
});

Deno.test("RelayNames: of two that were two relays one is meant, the same in every order; by itself each is its own again", () => {
  const { database } = memoryMailbox();
  for (const one of [B, A]) keep(database, started(database, one));
  assert.equal(started(database, B, A), A);
  assert.equal(started(database, A, B), A);
  assert.equal(started(database, B), B);
  assert.equal(started(database, A), A);
});
