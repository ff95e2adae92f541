import assert from "node:assert/strict";
import { ListedIds } from "../../../../daemon/session/read/listed_ids.ts";
import { roomName } from "../../../fakes/plain.ts";

const tea = roomName("tea");

function listed(short_id: string, seq: number) {
  return {
    ...{ id: short_id, room: tea, from: "a", from_name: "", text: "" },
    ...{ timestamp: 0, verified: true, short_id, seq },
  };
}

Deno.test("ListedIds: the last 10,000 that were listed, by the start of their short ids", () => {
  const ids = new ListedIds();
  const all = Array.from(
    { length: 10_001 },
    (_, seq) => listed(`id${`${seq}`.padStart(6, "0")}`, seq),
  );
  ids.add(all.slice(0, 5_000));
  ids.add(all.slice(0, 1));
  ids.add(all.slice(5_000));
  assert.deepEqual(ids.at("id000001"), []);
  assert.deepEqual(ids.at("id000000"), [{ room: tea, seq: 0 }]);
  assert.equal(ids.at("id0000").length, 5);
  assert.deepEqual(ids.at("id000000", roomName("other")), []);
});
