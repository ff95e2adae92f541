import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import {
  DAY,
  login,
  RestartingRelay,
} from "../../../fakes/restarting_relay.ts";

Deno.test("RoomEnding.close: who was away hears that an operator closed the room, also after a restart, until it is made again", () => {
  using relay = new RestartingRelay();
  const ann = login(relay.bed, 1);
  relay.bed.create(ann, "tea");
  relay.bed.apply(relay.bed.core.closeRoom("tea", relay.bed.now));
  assert.deepEqual(relay.bed.types(ann.conn), ["room.closed"]);
  const bed = relay.restart(20 * DAY);
  const back = login(bed, 1);
  bed.take(back.conn);
  bed.text(back.conn, back.maker.join("tea"));
  const [told, error] = bed.take(back.conn);
  assert.deepEqual(told, {
    ...{ type: "room.closed", room: "tea", reason: "closed by the operator" },
  });
  assert.equal(error?.code, "ROOM_NOT_FOUND");
  const old = bed.login(bed.maker(agent(2)), { features: [] });
  assert.deepEqual(bed.ask(old, old.maker.join("tea")), ["ROOM_NOT_FOUND"]);
  bed.create(back, "tea");
  bed.ask(back, back.maker.leave("tea"));
  bed.pass(8 * DAY);
  const again = login(bed, 3);
  assert.deepEqual(bed.ask(again, again.maker.join("tea")), ["ROOM_NOT_FOUND"]);
  const later = login(relay.restart(), 3);
  assert.deepEqual(relay.bed.ask(later, later.maker.join("tea")), [
    "ROOM_NOT_FOUND",
  ]);
});

Deno.test("RoomEnding.close: that an operator closed the room is remembered where the disk refused it at first", () => {
  using relay = new RestartingRelay();
  const ann = login(relay.bed, 1);
  relay.bed.create(ann, "tea");
  relay.bed.store.isBroken = true;
  relay.bed.apply(relay.bed.core.closeRoom("tea", relay.bed.now));
  relay.bed.store.isBroken = false;
  relay.bed.pass(1_000);
  const back = login(relay.restart(), 1);
  assert.deepEqual(relay.bed.ask(back, back.maker.join("tea")), [
    ...["room.closed", "ROOM_NOT_FOUND"],
  ]);
});
