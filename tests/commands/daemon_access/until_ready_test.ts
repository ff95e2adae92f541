import assert from "node:assert/strict";
import type { CliContext } from "../../../commands/cli/cli_context.ts";
import { untilReady } from "../../../commands/daemon_access/until_ready.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A data dir of which no daemon has written where it is, or one that listens and answers nothing. */
function rig({ hangs }: { readonly hangs: boolean }) {
  const clock = new FakeClock();
  const files = new Map(
    hangs
      ? [["/d/api.addr", "127.0.0.1:9900\n"], ["/d/api.token", "token\n"]]
      : [],
  );
  let asked = 0;
  const context = {
    clock,
    env: () => undefined,
    readTextFile: (path: string) => {
      const text = files.get(path);
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(text);
    },
    lockState: () => Promise.resolve("held"),
    fetch: (_url: string, { signal }: RequestInit) => {
      asked++;
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason))
      );
    },
  } as unknown as CliContext;
  return { clock, context, asked: () => asked };
}

for (const hangs of [false, true]) {
  Deno.test(`untilReady: its signal ends it, where ${hangs ? "a daemon answers nothing" : "none is there"}, with nothing left`, async () => {
    const { clock, context, asked } = rig({ hangs });
    const gone = new AbortController();
    const reason = new Error("gone");
    const waiting = untilReady(context, { dataDir: "/d" }, {
      timeoutMs: 10_000,
      signal: gone.signal,
    });
    const ended = assert.rejects(waiting, (error) => error === reason);
    await clock.advance(120);
    assert.equal(asked(), hangs ? 1 : 0);
    gone.abort(reason);
    await ended;
    assert.equal(clock.pending, 0);
  });
}
