import assert from "node:assert/strict";
import { openMailbox } from "../../../daemon/mailbox/database.ts";
import { Mailbox } from "../../../daemon/mailbox/mailbox.ts";
import { SendLog } from "../../../daemon/mailbox/send_log.ts";
import { Outbox } from "../../../daemon/session/send/outbox.ts";
import { SendLedger } from "../../../daemon/session/send/send_ledger.ts";
import type { RelayConnection } from "../../../daemon/session/session_options.ts";
import { silentLogger } from "../../../lib/log.ts";
import { plainCalls } from "../../fakes/plain.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { message } from "../../fakes/mailbox_rig.ts";
import { notedSql } from "../../fakes/noted_sql.ts";

function rig() {
  const noted = notedSql();
  const { database } = openMailbox(":memory:", {
    ...{ open: noted.open, now: 0, create: () => {} },
  });
  return { noted, database };
}

/** An outbox, and what its log said of a message at the moment it went out. */
function outboxRig() {
  const { noted, database } = rig();
  const sends = new SendLog(database, "ws://relay");
  const statusWhenSent: (string | undefined)[] = [];
  const connection = {
    features: new Set(["ack"]),
    send: ({ id }: { id: string }) => {
      statusWhenSent.push(sends.byId(id)?.status);
      return Promise.resolve({ status: "accepted" });
    },
  } as unknown as RelayConnection;
  let isUp = false;
  const clock = new FakeClock();
  const made = new Outbox({
    ...{ clock, queueForMs: 60_000, log: silentLogger },
    ledger: new SendLedger({ sends, database, log: silentLogger }),
    reconnect: {
      get connection() {
        return isUp ? connection : undefined;
      },
    },
    way: {
      isOpen: () => isUp,
      handOver: (connection, message) => connection.send(message),
    },
    own: { accepted: () => {}, others: () => undefined },
    sealed: {
      textOf: ({ text }) => Promise.resolve(text),
      members: () => Promise.resolve(undefined),
      wasRefused: () => {},
      wasTaken: () => {},
    },
    files: { isReady: () => true, atRelay: (send) => send },
    outside: () => {},
  });
  const up = () => {
    isUp = true;
    made.wake();
  };
  const send = { id: "one", room: "tea", text: "a", replyTo: undefined };
  const outbox = plainCalls(made);
  return { noted, database, outbox, clock, statusWhenSent, up, send };
}

Deno.test("Mailbox.read: a mark that was moved is on the disk itself; a message that came need not be", () => {
  const { noted, database } = rig();
  const mailbox = new Mailbox(database, {
    me: { id: "M".repeat(44), name: "me" },
    buffer: 10,
  });
  noted.commits.length = 0;
  mailbox.add(message());
  mailbox.read({ cursor: 1 });
  assert.deepEqual(noted.commits, ["NORMAL", "FULL"]);
  database.close();
});

Deno.test("Outbox: what is kept for later is on the disk itself before its caller hears so", async () => {
  const { noted, database, outbox, send } = outboxRig();
  noted.commits.length = 0;
  assert.equal((await outbox.send(send)).status, "queued");
  assert.equal(noted.commits[0], "FULL");
  outbox.close();
  database.close();
});

Deno.test("Outbox: a message goes out only when its log says that the outcome is unknown", async () => {
  const kept = outboxRig();
  await kept.outbox.send(kept.send);
  kept.up();
  await kept.clock.advance(0);
  assert.deepEqual(kept.statusWhenSent, ["unknown"]);
  kept.outbox.close();
  kept.database.close();

  const direct = outboxRig();
  direct.up();
  await direct.outbox.send(direct.send);
  assert.deepEqual(direct.statusWhenSent, ["unknown"]);
  direct.outbox.close();
  direct.database.close();
});
