import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { SealedAgent, waitFor } from "../../fakes/sealed_agent.ts";
import { SealedHub } from "../../fakes/sealed_hub.ts";
import { adaAndBob, say } from "../../fakes/sealed_scene.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

const UNKNOWN = { code: "OUTCOME_UNKNOWN" };

/** A rig whose relay does not answer entries in time, though it has the agent in the room. */
function unanswering(): SessionRig {
  const rig = new SessionRig();
  rig.relay.refuse = (operation) => {
    const [what, room = ""] = operation.split(" ");
    if (what !== "join" && what !== "create") return undefined;
    rig.relay.makeRoom(room);
    return new Failure("OUTCOME_UNKNOWN");
  };
  return rig;
}

for (const how of ["join", "create"] as const) {
  Deno.test(`RoomRequests.late: a room that a ${how} asked for is ours once the relay says so, however late`, async () => {
    using rig = unanswering();
    rig.session.start();
    await rig.clock.advance(10);
    await rejects(rig.session[how]({ room: "lab" }), UNKNOWN);
    deepStrictEqual(rig.session.status().rooms, []);
    rig.relay.lateJoined("lab");
    await rig.clock.advance(10);
    const [lab] = rig.session.status().rooms;
    deepStrictEqual([lab?.name, lab?.joined], ["lab", true]);
    rig.relay.say("lab", ADA, "late is not never");
    await rig.clock.advance(10);
    deepStrictEqual(await rig.texts(), ["late is not never"]);
    strictEqual(rig.session.status().dropped_frames, 0);
    rig.relay.refuse = () => undefined;
    await rig.session.leave({ room: "lab" });
    strictEqual(rig.relay.hasJoined("lab"), false);
  });
}

Deno.test("RoomRequests.late: a room that was given up since is left; one that nobody asked for, or on an earlier line, is none of ours", async () => {
  using rig = unanswering();
  rig.session.start();
  await rig.clock.advance(10);
  await rejects(rig.session.join({ room: "lab" }), UNKNOWN);
  await rejects(rig.session.leave({ room: "lab" }), { code: "NOT_IN_ROOM" });
  rig.relay.lateJoined("lab");
  await rig.clock.advance(10);
  strictEqual(rig.relay.hasJoined("lab"), false);
  // Said once more it is no answer to anything.
  rig.relay.lateJoined("lab");
  rig.relay.makeRoom("den");
  rig.relay.lateJoined("den");
  await rejects(rig.session.join({ room: "hut" }), UNKNOWN);
  rig.relay.cut();
  await rig.clock.advance(5_000);
  rig.relay.lateJoined("hut");
  await rig.clock.advance(10);
  deepStrictEqual(rig.session.status().rooms, []);
  strictEqual(rig.session.status().dropped_frames, 3);
  const left = rig.relay.asked.filter((one) => one.startsWith("leave"));
  deepStrictEqual(left, ["leave lab"]);
});

Deno.test("RoomRequests.late: a room that was entered after all, and left, is not ours again by a late answer", async () => {
  using rig = unanswering();
  rig.session.start();
  await rig.clock.advance(10);
  await rejects(rig.session.join({ room: "lab" }), UNKNOWN);
  rig.relay.refuse = () => undefined;
  await rig.session.join({ room: "lab" });
  await rig.session.leave({ room: "lab" });
  rig.relay.lateJoined("lab");
  await rig.clock.advance(10);
  deepStrictEqual(rig.session.status().rooms, []);
});

Deno.test("a private room whose making or joining the relay answers too late is left, and can be made or joined anew", async () => {
  const { hub, ada, bob, wire } = await adaAndBob();
  using _ = hub;
  hub.isLate = () => true;
  const create = () =>
    waitFor(hub, ada.session.create({ room: "den", private: true }));
  await rejects(create(), UNKNOWN);
  const ghost = [...hub.rooms.keys()].find((name) => name !== wire)!;
  const invited = { room: "vault", for_ms: 3_600_000 };
  const { invite } = await waitFor(hub, ada.session.invite(invited));
  const cara = await SealedAgent.make(hub, { number: 3, name: "cara" });
  const join = () => waitFor(hub, cara.session.join_private({ invite }));
  await rejects(join(), UNKNOWN);
  const isIn = (room: string, who: SealedAgent) =>
    hub.rooms.get(room)!.members.has(who.id);
  deepStrictEqual([isIn(ghost, ada), isIn(wire, cara)], [true, true]);
  await hub.goOn(35_000);
  deepStrictEqual([isIn(ghost, ada), isIn(wire, cara)], [false, false]);
  deepStrictEqual(cara.session.status().rooms, []);
  hub.isLate = () => false;
  strictEqual((await join()).status, "joined");
  await create();
  await hub.goOn(2_000);
  await say(hub, bob, "all here");
  await cara.hears("all here");
});

Deno.test("join_private: a room that the relay hears of only while it is about to be made again is joined", async () => {
  const { hub, ada, bob } = await adaAndBob();
  using _ = hub;
  const invited = { room: "vault", for_ms: 3_600_000 };
  const { invite } = await waitFor(hub, ada.session.invite(invited));
  const cara = await SealedAgent.make(hub, { number: 3, name: "cara" });
  let asked = 0;
  hub.isBehind = () => ++asked === 1;
  const joining = cara.session.join_private({ invite });
  strictEqual((await waitFor(hub, joining)).status, "joined");
  strictEqual(asked, 2);
  await say(hub, bob, "all here");
  await cara.hears("all here");
});

Deno.test("recover: a room that is looked into is left again, though its past can't be had or the relay answers too late", async () => {
  const hub = new SealedHub();
  using _ = hub;
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await waitFor(hub, ada.session.create({ room: "vault", private: true }));
  const [wire] = [...hub.rooms.keys()];
  const isIn = () => hub.rooms.get(wire!)!.members.has(bob.id);
  const recover = () => waitFor(hub, bob.session.recover({ wire: wire! }));
  hub.shows = () => {
    throw new Failure("RATE_LIMITED", { retryAfterMs: 1_000 });
  };
  await rejects(recover(), { code: "RATE_LIMITED" });
  strictEqual(isIn(), false);
  hub.isLate = () => true;
  await rejects(recover(), UNKNOWN);
  strictEqual(isIn(), true);
  await hub.goOn(35_000);
  strictEqual(isIn(), false);
});
