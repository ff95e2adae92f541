import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import { ClusterBed, START } from "../../../fakes/cluster_bed.ts";
import type { SimRelay } from "../../../fakes/sim_relay.ts";

Deno.test("ClusterLog: a second relay of a name that is in use begins not, and the first goes on", () => {
  const bed = new ClusterBed();
  const first = bed.relay("a");
  bed.pass(3);
  const second = bed.relay("a");
  bed.pass(5);
  assert.match(second.isUnfit ?? "", /another relay goes by the name 'a'/);
  assert.deepEqual([first.isUnfit, first.core?.trouble], [null, null]);
  assert.equal(second.isServing, false);
});

Deno.test("ClusterLog: a relay that is started again at once waits a moment, then serves; later it does not wait", () => {
  for (const [away, waits] of [[0, true], [10, false]] as const) {
    const bed = new ClusterBed();
    const other = bed.relay("b");
    const relay = bed.relay("a");
    bed.pass(3);
    relay.crash();
    bed.pass(away);
    relay.handed = 0;
    relay.start();
    bed.flow();
    assert.equal(relay.isServing, !waits);
    bed.pass(3);
    assert.equal(relay.isServing, true);
    assert.equal(relay.core?.trouble, null);
    assert.equal(other.core?.trouble, null);
    bed.member(relay, 1);
  }
});

Deno.test("ClusterLog: a relay that catches up says how far it has come, and serves not before the end", () => {
  const bed = new ClusterBed();
  bed.relay("b");
  bed.pass(20);
  const relay = bed.relay("a");
  const [first] = bed.log.after(0, 1);
  assert.ok(first);
  relay.hand([first]);
  while (relay.write({ fails: false }));
  const { end } = bed.log;
  assert.equal(
    relay.core?.trouble,
    `catching up with the log: ${first.position} of ${end}`,
  );
  const view = relay.core?.cluster();
  assert.deepEqual([view?.position, view?.behind], [
    first.position,
    end - first.position,
  ]);
  assert.equal(relay.isServing, false);
  bed.flow();
  assert.deepEqual([relay.core?.trouble, relay.isServing], [null, true]);
  assert.equal(relay.core?.cluster()?.behind, 0);
});

Deno.test("ClusterLog: what an earlier run said with its clock an hour ahead silences no later run", () => {
  const bed = new ClusterBed();
  const early = bed.relay("a", 3_600_000);
  bed.pass(3);
  early.crash();
  bed.relays.length = 0;
  const relay = bed.relay("a");
  bed.pass(6);
  const line = bed.member(relay, 1);
  bed.message(relay, line, "tea:1");
  bed.flow();
  assert.equal(bed.ledger.acks.size, 1);
});

Deno.test("ClusterLog: without the log a relay says so after 3 s, takes nothing in, refuses after 20 s what waits, ends all after 60 s", () => {
  const bed = new ClusterBed();
  const relay = bed.relay("a");
  bed.pass(2);
  const line = bed.member(relay, 1);
  bed.takes = false;
  bed.pass(1);
  bed.message(relay, line, "tea:1");
  bed.message(relay, line, "tea:2");
  bed.pass(1);
  assert.deepEqual([relay.core?.trouble, relay.core?.isFull], [null, false]);
  bed.pass(2);
  assert.match(relay.core?.trouble ?? "", /the log does not take/);
  assert.equal(relay.core?.isFull, true);
  bed.pass(14);
  assert.equal(line.refused, null);
  bed.pass(4);
  assert.equal(line.refused, "RATE_LIMITED");
  assert.equal(line.isOpen, true);
  bed.pass(40);
  assert.equal(line.isOpen, false);
  bed.takes = true;
  bed.pass(2);
  assert.equal(relay.core?.trouble, null);
  assert.equal(bed.ledger.acks.size, 0);
  const here = relay.core?.view({ wall: 0, mono: 0 }).agents_total;
  assert.equal(here, 0, "who was sent away is not taken for present");
  bed.message(relay, bed.member(relay, 2), "tea:9");
  bed.flow();
  assert.equal(bed.ledger.acks.size, 1);
});

Deno.test("ClusterLog: while the view can't be written nothing is acknowledged, and all is once it can", () => {
  const bed = new ClusterBed();
  const relay = bed.relay("a");
  bed.pass(2);
  const line = bed.member(relay, 1);
  bed.message(relay, line, "tea:1");
  bed.log.landAll(START + bed.mono);
  relay.hand(bed.log.after(relay.handed, Infinity));
  relay.write({ fails: true });
  assert.match(relay.core?.trouble ?? "", /the view can't be written: full/);
  assert.equal(bed.ledger.acks.size, 0);
  bed.pass(1);
  assert.equal(relay.core?.trouble, null);
  assert.equal(bed.ledger.acks.size, 1);
});

Deno.test("ClusterLog: rules that are newer than the program end the service, with what to do", () => {
  const bed = new ClusterBed();
  const relay = bed.relay("a");
  bed.pass(2);
  const line = bed.member(relay, 1);
  relay.hand([{ position: bed.log.end + 1, at: START, batch: 2 }]);
  assert.match(relay.isUnfit ?? "", /run the newer one/);
  assert.equal(line.isOpen, false);
  bed.pass(2);
  assert.equal(relay.core?.isFull, true);
});

Deno.test("ClusterLog: an upgrade relay by relay turns the newer rules on once all have it, and one that comes with the earlier program stops", () => {
  const bed = new ClusterBed();
  const [a, b] = [bed.relay("a"), bed.relay("b")];
  bed.pass(3);
  for (const relay of [b, a]) {
    assert.equal(relay.core?.cluster()?.rules, 1);
    relay.crash();
    bed.pass(6);
    relay.knows = 2;
    relay.handed = 0;
    relay.start();
    bed.pass(6);
  }
  assert.deepEqual([a, b].map(({ core }) => core?.cluster()?.rules), [2, 2]);
  const old = bed.relay("c");
  bed.pass(3);
  assert.match(
    old.isUnfit ?? "",
    /rules of version 2, .* knows 1; run the newer/,
  );
  assert.equal(old.isServing, false);
  assert.deepEqual([a.isUnfit, b.isUnfit], [null, null]);

  // Its view stands where its program could still follow: the newer one goes on from there.
  old.crash();
  old.knows = 2;
  old.start();
  bed.pass(6);
  assert.equal(old.isServing, true);
  assert.equal(old.view.text(), a.view.text());

  // And a view that is past that place is not for the earlier program.
  old.crash();
  old.knows = 1;
  old.start();
  assert.match(old.isUnfit ?? "", /run the newer/);
});

const WRONG_SEQ = "UPDATE rooms SET next_seq = next_seq + 7";

/** Three relays with a room and a message to one agent. */
function talking(): { bed: ClusterBed; a: SimRelay; b: SimRelay } {
  const bed = new ClusterBed();
  const [a, b] = ["a", "b", "c"].map((node) => bed.relay(node)) as [
    SimRelay,
    SimRelay,
  ];
  bed.pass(3);
  bed.message(a, bed.member(a, 1), "tea:1");
  bed.agents.login(agent(4).id, a);
  bed.flow();
  bed.agents.direct(agent(4).id, agent(5).id);
  bed.pass(3);
  return { bed, a, b };
}

Deno.test("ClusterLog: a view that differs ends the service within seconds, is made anew from the log, and serves once it is equal", () => {
  const { bed, a, b } = talking();
  const line = bed.member(b, 2);
  b.view.damage(WRONG_SEQ);
  bed.pass(2);
  assert.equal(line.isOpen, false, "its agents are sent elsewhere");
  assert.match(
    b.condemned[0] ?? "",
    /not what the others have; it is made anew/,
  );
  bed.pass(5);
  assert.deepEqual([b.renewals, b.isUnfit, b.core?.trouble], [1, null, null]);
  assert.equal(b.isServing, true);
  bed.message(b, bed.member(b, 3), "tea:3");
  bed.flow();
  for (const other of bed.relays) {
    assert.equal(other.view.text(), a.view.text());
    assert.ok(other.view.message(agent(3).id, "tea:3"));
  }
  bed.pass(10);
  assert.equal(b.condemned.length, 1);
  assert.deepEqual(a.condemned, []);
});

Deno.test("ClusterLog: a row that was damaged while its relay was down is found out, whichever it is", () => {
  for (
    const sql of [
      WRONG_SEQ,
      "UPDATE messages SET frame = frame || ' '",
      "UPDATE messages SET author_name = 'y'",
      "DELETE FROM messages",
      "UPDATE rooms SET topic = 'y'",
      "UPDATE inbox SET frame = 'y'",
      "DELETE FROM known",
      "DELETE FROM view_entries WHERE key LIKE 'session %'",
      "UPDATE view_entries SET value = replace(value, '1', '2') WHERE key LIKE 'room %'",
    ]
  ) {
    const { bed, a, b } = talking();
    b.crash();
    bed.pass(6);
    b.view.damage(sql);
    b.start();
    bed.pass(8);
    assert.deepEqual([b.renewals, b.isServing], [1, true], sql);
    assert.equal(b.view.text(), a.view.text());
  }
});

Deno.test("ClusterLog: while another relay's view is taken it says how far that is, and takes part in nothing", () => {
  const { bed, a, b } = talking();
  const line = bed.member(b, 2);
  const takes = (node: string | null, bytes: number, size: number | null) => {
    const said = { type: "taking_view", node, bytes, size } as const;
    b.step({ kind: "log", said });
    return b.core?.trouble ?? "";
  };
  assert.match(takes(null, 0, null), /another relay's view is taken: asking/);
  assert.equal(line.isOpen, false);
  assert.match(takes("a", 0, null), /: a makes a copy$/);
  assert.match(takes("a", 7, 21), /: 7 of 21 bytes from a$/);
  assert.equal(b.core?.isFull, true);
  bed.pass(8);
  const others = a.core?.cluster()?.nodes ?? [];
  assert.equal(others.find(({ node }) => node === "b")?.is_gone, true);
  assert.match(b.core?.trouble ?? "", /7 of 21/);
});

Deno.test("ClusterLog: a relay that comes to something else by itself is not begun anew without end", () => {
  const { bed, b } = talking();
  b.isFaulty = true;
  bed.message(b, bed.member(b, 2), "tea:9");
  bed.pass(20);
  assert.equal(b.renewals, 1);
  assert.match(b.isUnfit ?? "", /made anew from the log, too/);
  assert.equal(b.isServing, false);
});
