import assert from "node:assert/strict";
import type { RemovedOfRoom } from "../../../relay/store/contract.ts";
import { COUNTED_ROWS } from "../../../relay/store/uncounted_bytes.ts";
import { StoreRig } from "../../fakes/store_rig.ts";

const BYTES =
  "SELECT byte_count AS n, (SELECT sum(octet_length(frame)) FROM messages WHERE room = r.id) AS there FROM rooms r WHERE name = ?";

Deno.test("UncountedBytes: what an earlier version stored is counted slice by slice, told, and then only removed", async () => {
  await StoreRig.use({ retainRows: COUNTED_ROWS }, async (rig) => {
    const { sql } = rig.sql;
    await rig.ask([rig.opened("old"), rig.opened("gone"), rig.opened("new")]);
    const of = (room: string, rows: number) =>
      rig.ask(Array.from({ length: rows }, () => rig.message(room)));
    await of("old", COUNTED_ROWS);
    await of("gone", 10);
    await of("old", 3);
    sql.exec(
      `UPDATE rooms SET byte_count = 0;
       UPDATE rooms SET ended = 1 WHERE name = 'gone';
       UPDATE uncounted SET after_n = 0, upto_n = (SELECT max(n) FROM messages)`,
    );
    rig.restart();
    await of("new", 1);
    const told: RemovedOfRoom[] = [];
    rig.heard = (says) => {
      if ("kind" in says && says.kind === "removed") told.push(...says.rooms);
    };
    await rig.clock.advance(4_000);
    for (const room of ["old", "new"]) {
      const { n, there } = rig.sql.sql.prepare(BYTES).get(room) ?? {};
      assert.equal(n, there, room);
      assert.ok(Number(n) > 0, room);
    }
    const found = told.filter(({ messages }) => messages === 0);
    assert.deepEqual([...new Set(found.map(({ room }) => room))], ["old"]);
    const kept = told.filter(({ room }) => room === "old")
      .reduce((bytes, one) => bytes - one.bytes, 0);
    assert.equal(kept, rig.sql.sql.prepare(BYTES).get("old")?.n);
    const { after_n, upto_n } = rig.sql.sql.prepare("SELECT * FROM uncounted")
      .get() ?? {};
    assert.equal(after_n, upto_n);
  });
});
