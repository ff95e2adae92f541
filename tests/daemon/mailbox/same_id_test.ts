import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

Deno.test("Mailbox.byId: an id that two agents used is refused, each named, until one says whose", () => {
  const { mailbox } = memoryMailbox();
  const [ada, bob] = ["A".repeat(44), "B".repeat(44)];
  mailbox.add(message({ id: "x", from: ada }));
  mailbox.add(message({ id: "x", from: bob }));
  assert.throws(
    () => mailbox.byId("x"),
    (error) =>
      error instanceof Failure && error.code === "ID_AMBIGUOUS" &&
      error.exitCode === 2 &&
      /AAAAAAAA \(number 1\), BBBBBBBB \(number 2\)/.test(error.message) &&
      /--from/.test(error.fix),
  );
  assert.equal(mailbox.byId("x", ada).cursor, 1);
  assert.equal(mailbox.byId("x", "BBBB").cursor, 2);
  assert.throws(
    () => mailbox.byId("x", "C"),
    (error) => error instanceof Failure && error.code === "NOT_FOUND",
  );
});

Deno.test("Mailbox.byId: one start of two keys is still ambiguous, and no pattern", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "x", from: "AB".repeat(22) }));
  mailbox.add(message({ id: "x", from: "AC".repeat(22) }));
  assert.throws(
    () => mailbox.byId("x", "A"),
    (error) => error instanceof Failure && error.code === "ID_AMBIGUOUS",
  );
  assert.throws(
    () => mailbox.byId("x", "A%"),
    (error) => error instanceof Failure && error.code === "NOT_FOUND",
  );
});

Deno.test("Mailbox.byId: what was not verified is never shown for the verified one of that author", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "x", verified: false }));
  mailbox.add(message({ id: "x", verified: true }));
  assert.equal(mailbox.byId("x").cursor, 2);
});

Deno.test("Mailbox.byId: of many authors some are named", () => {
  const { mailbox } = memoryMailbox();
  for (const one of "ABCDEFGHJK") {
    mailbox.add(message({ id: "x", from: one.repeat(44) }));
  }
  assert.throws(
    () => mailbox.byId("x"),
    /EEEEEEEE \(number 5\) and others/,
  );
});

Deno.test("Mailbox.byId: NOT_FOUND when it is not in the buffer", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "x" }));
  assert.equal(mailbox.byId("x").cursor, 1);
  assert.throws(
    () => mailbox.byId("y"),
    (error) => error instanceof Failure && error.code === "NOT_FOUND",
  );
});
