import assert from "node:assert/strict";
import { MOMENT_MS } from "../../../relay/core/rooms/departures.ts";
import { CLOSE } from "../../../relay/core/events.ts";
import { agent } from "../../fakes/agents.ts";
import { CoreBed } from "../../fakes/core_bed.ts";

const [ada, bob] = [agent(1), agent(2)];

/** A room with two members, Ada and Bob. */
function tea() {
  const bed = new CoreBed().rooms("tea");
  const lines = [ada, bob].map((one) =>
    bed.login(bed.maker(one), { features: ["closed", "ack"] })
  );
  const [first, second] = lines;
  assert.ok(first && second);
  for (const line of lines) bed.ask(line, line.maker.join("tea"));
  bed.take(first.conn);
  bed.take(second.conn);
  return { bed, first, second };
}

Deno.test("RelayCore.kick: the connection ends, its rooms hear of it, and the agent may come back", () => {
  const { bed, first, second } = tea();
  const effects = bed.core.kick(bob.id, bed.now);
  assert.deepEqual(effects.filter(({ kind }) => kind === "close"), [{
    kind: "close",
    conn: second.conn,
    code: CLOSE.operator,
    reason: "ended by the operator",
  }]);
  bed.pass(MOMENT_MS);
  assert.deepEqual(bed.types(first.conn), ["room.member_left"]);
  assert.equal(bed.core.sizes().agents, 1);
  assert.deepEqual(bed.core.kick(bob.id, bed.now), []);
  bed.login(bed.maker(bob));
  assert.equal(bed.core.sizes().agents, 2);
});

Deno.test("RelayCore.closeRoom: members are told, nobody is in it any more, and the disk forgets it", () => {
  const { bed, first, second } = tea();
  const effects = bed.core.closeRoom("tea", bed.now);
  const told = effects.find((one) => one.kind === "broadcast");
  assert.deepEqual(told?.conns, [first.conn, second.conn]);
  assert.match(told?.text ?? "", /room\.closed.*closed by the operator/);
  const stored = effects.find((one) => one.kind === "store");
  assert.equal(stored?.request.kind, "room_ended");
  assert.equal(bed.core.hasRoom("tea"), false);
  assert.deepEqual(bed.core.closeRoom("tea", bed.now), []);
});

Deno.test("RelayCore.view and tally: who is here, and what has happened", () => {
  const { bed, first } = tea();
  bed.now = { ...bed.now, mono: bed.now.mono + 1_500 };
  bed.ask(first, first.maker.message("tea", "green"));
  bed.ask(first, first.maker.message("coffee", "no such room"));
  const view = bed.core.view(bed.now);
  assert.deepEqual(
    view.agents.map(({ id, rooms, connected_ms }) => [
      id,
      rooms,
      connected_ms,
    ]),
    [[ada.id, ["tea"], 1_500], [bob.id, ["tea"], 1_500]],
  );
  assert.equal(view.rooms[0]?.members, 2);
  const { logins, messagesIn, messagesStored, deliveries, refusals } =
    bed.core.tally;
  assert.deepEqual(
    { logins, messagesIn, messagesStored, deliveries, refusals: [...refusals] },
    {
      logins: 2,
      messagesIn: 2,
      messagesStored: 1,
      deliveries: 1,
      refusals: [["ROOM_NOT_FOUND", 1]],
    },
  );
});
