import assert from "node:assert/strict";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { checkMemberFrame } from "../../../relay/checks/member_frame.ts";
import { agent, goodFrames } from "../../fakes/agents.ts";

const ada = agent(1);
const check = (text: string, by = ada) =>
  checkMemberFrame(text, by.id, new Verifier());

Deno.test("checkMemberFrame: what its agent signed is a frame; a login's is left to who asked", () => {
  for (const text of goodFrames(ada)) {
    const { type } = JSON.parse(text);
    const checked = check(text);
    if (type === "hello" || type === "hello.pow") assert.equal(checked, null);
    else assert.equal(checked?.kind === "frame" && checked.frame.type, type);
  }
});

Deno.test("checkMemberFrame: what another signed is forged, and named where it names itself", () => {
  for (const text of goodFrames(ada)) {
    const raw = JSON.parse(text);
    const checked = check(text, agent(2));
    if (checked === null || raw.signature === undefined) continue;
    assert.deepEqual(checked, { kind: "forged", ref: raw.id ?? raw.nonce });
  }
});

Deno.test("checkMemberFrame: what is no frame is refused with its fault", () => {
  for (
    const text of ["", "{}", "[1]", '{"type":"nothing","id":"m1"}', "\ud800"]
  ) {
    assert.equal(check(text)?.kind, "refused", text);
  }
});
