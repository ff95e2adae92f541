import assert from "node:assert/strict";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { pageSessions } from "../../../fakes/page_sessions.ts";

Deno.test("PageSessions: a ticket opens once; session's both secrets are asked for", () => {
  const sessions = pageSessions();
  const ticket = sessions.ticket();
  const session = sessions.enter(ticket);
  assert.ok(session);
  assert.equal(sessions.enter(ticket), null);
  assert.equal(sessions.enter("00"), null);
  const { path, cookie } = session;
  assert.ok(sessions.isOpen(path, cookie));
  assert.ok(!sessions.isOpen(path, ""));
  assert.ok(!sessions.isOpen(path, path));
  assert.ok(!sessions.isOpen(cookie, cookie));
  assert.ok(!sessions.isOpen("", cookie));
});

Deno.test("PageSessions: a ticket lasts two minutes", async () => {
  const clock = new FakeClock();
  const sessions = pageSessions(clock);
  const [young, old] = [sessions.ticket(), sessions.ticket()];
  await clock.advance(120_000);
  assert.ok(sessions.enter(young));
  await clock.advance(1);
  assert.equal(sessions.enter(old), null);
});

Deno.test("PageSessions: eight tickets and eight sessions at most, the newest", () => {
  const sessions = pageSessions();
  const tickets = Array.from({ length: 9 }, () => sessions.ticket());
  assert.equal(sessions.enter(tickets[0] ?? ""), null);
  const opened = tickets.slice(1).map((ticket) => sessions.enter(ticket));
  const more = sessions.enter(sessions.ticket());
  const isOpen = (one: typeof more) =>
    one !== null && sessions.isOpen(one.path, one.cookie);
  assert.deepEqual(
    [...opened, more].map(isOpen),
    [false, ...Array(8).fill(true)],
  );
});
