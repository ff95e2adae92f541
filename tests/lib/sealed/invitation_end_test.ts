import { strictEqual } from "node:assert/strict";
import { invitationEnd } from "../../../lib/sealed/invitation_end.ts";
import { epoch, state } from "../../fakes/epochs.ts";

const open = { pub: "i", by: "a", until: 9, uses: 2 };
const root = epoch("r", "a", [], state("ab", "ab", { invites: [open] }));
const asked = { pub: "i", by: "a", now: 9 };

Deno.test("invitationEnd: none of one that is open, until its term is over", () => {
  strictEqual(invitationEnd([root], asked), undefined);
  strictEqual(invitationEnd([root], { ...asked, now: 10 }), "expired");
});

Deno.test("invitationEnd: used up where as many came with the epoch in which it is no more, else it was ended", () => {
  const first = { invites: [{ ...open, uses: 1 }], joined: [["c", "i"]] };
  const one = epoch("s", "a", [root], state("abc", "ab", first as never));
  strictEqual(invitationEnd([root, one], asked), undefined);
  const last = { joined: [["x", "other"], ["d", "i"]] };
  const used = epoch("t", "a", [one], state("abcdx", "ab", last as never));
  const path = [root, one, used];
  strictEqual(invitationEnd(path, asked), "used_up");
  strictEqual(invitationEnd(path, { ...asked, now: 10 }), "used_up");
  const removed = epoch("u", "a", [root], state("a", "a", { at: 5 }));
  strictEqual(invitationEnd([root, removed], asked), "ended");
  const short = { joined: [["c", "i"]], at: 5 };
  const both = epoch("v", "a", [root], state("abc", "ab", short as never));
  strictEqual(invitationEnd([root, both], asked), "ended");
  const late = epoch("w", "a", [root], state("ab", "ab", { at: 10 }));
  strictEqual(invitationEnd([root, late], asked), "expired");
});

Deno.test("invitationEnd: none of another's, and of one that no epoch had", () => {
  const removed = epoch("u", "a", [root], state("a", "a"));
  strictEqual(invitationEnd([root, removed], { ...asked, by: "b" }), undefined);
  strictEqual(
    invitationEnd([root, removed], { ...asked, pub: "z" }),
    undefined,
  );
  strictEqual(invitationEnd([], asked), undefined);
});
