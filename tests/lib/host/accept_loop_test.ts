import assert from "node:assert/strict";
import { acceptLoop } from "../../../lib/host/accept_loop.ts";
import type { Logger } from "../../../lib/log.ts";
import { createLogger } from "../../../lib/log.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";

/** A listener that fails so often, then gives out connections as they are wanted. */
function failing(failures: number, error: Error) {
  let left = failures;
  let next = Promise.withResolvers<Deno.Conn>();
  return {
    accept(): Promise<Deno.Conn> {
      return left-- > 0 ? Promise.reject(error) : next.promise;
    },
    connect(): void {
      const { resolve } = next;
      next = Promise.withResolvers<Deno.Conn>();
      resolve({} as Deno.Conn);
    },
  };
}

function loggerInto(lines: string[]): Logger {
  const write = (line: string) => lines.push(line.slice(25).trim());
  return createLogger({
    ...{ format: "text", level: "info", wall: () => 0 },
    write: (line) => void write(line),
  });
}

const REASONS = [
  ["EMFILE", "Too many open files (os error 24)"],
  ["ENFILE", "Too many open files in system (os error 23)"],
  ["ENOBUFS", "No buffer space available (os error 105)"],
  ["ECONNABORTED", "Software caused connection abort (os error 103)"],
] as const;

for (const [code, reason] of REASONS) {
  Deno.test(`acceptLoop: ${code} passes; it is said, and that it is over`, async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const taken: Deno.Conn[] = [];
    const listener = failing(5, new Error(reason));
    void acceptLoop({
      listener,
      take: (connection) => void taken.push(connection),
      makeRoom: () => false,
      isClosed: () => false,
      clock,
      log: loggerInto(lines),
    });
    await settle();
    assert.equal(taken.length, 0);
    for (let i = 0; i < 5; i++) await clock.advance(1_000);
    listener.connect();
    await settle();
    const said = `error can't accept connections reason=${
      JSON.stringify(reason)
    } failures=1`;
    assert.deepEqual([taken.length, lines], [1, [said]]);
    await clock.advance(5_000);
    listener.connect();
    await settle();
    const over = "info  accepts connections again failures=5";
    assert.deepEqual([taken.length, lines], [2, [said, over]]);
  });
}

Deno.test("acceptLoop: with something to spare it waits a millisecond each", async () => {
  const clock = new FakeClock();
  const taken: Deno.Conn[] = [];
  const listener = failing(3, new Error("Too many open files"));
  let spare = 3;
  void acceptLoop({
    listener,
    take: (connection) => void taken.push(connection),
    makeRoom: () => spare-- > 0,
    isClosed: () => false,
    clock,
    log: loggerInto([]),
  });
  for (let i = 0; i < 3; i++) {
    await settle();
    await clock.advance(1);
  }
  listener.connect();
  await settle();
  assert.equal(taken.length, 1);
});

Deno.test("acceptLoop: ends when the listener was closed", async () => {
  let isClosed = false;
  const closed = Promise.withResolvers<Deno.Conn>();
  const ended = acceptLoop({
    listener: { accept: () => closed.promise },
    take: () => assert.fail("nothing came"),
    makeRoom: () => false,
    isClosed: () => isClosed,
    clock: new FakeClock(),
    log: loggerInto([]),
  });
  isClosed = true;
  closed.reject(new Deno.errors.BadResource("Listener has been closed"));
  await ended;
});
