import assert from "node:assert/strict";
import { successorMs } from "../../../commands/daemon_access/successor.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** What is left, with such a note; null for none. */
function left(note: string | null, clock: FakeClock): Promise<number> {
  const readTextFile = (path: string) => {
    assert.equal(path, "/d/daemon.handover");
    return note === null
      ? Promise.reject(new Deno.errors.NotFound(path))
      : Promise.resolve(note);
  };
  return successorMs({ clock, readTextFile }, "/d");
}

Deno.test("successorMs: what is left of 15 s since the note; nothing without one, and by one that is no time or lies ahead", async () => {
  const clock = new FakeClock();
  const now = clock.wall();
  assert.equal(await left(`${now}\n`, clock), 15_000);
  assert.equal(await left(`${now - 14_000}\n`, clock), 1_000);
  for (
    const note of [
      null,
      "",
      "soon",
      "-1",
      "1e3",
      `${now - 15_000}`,
      `${now + 1}`,
    ]
  ) {
    assert.equal(await left(note, clock), 0, `${note}`);
  }
});

Deno.test("successorMs: a note that can't be read is told", async () => {
  const readTextFile = () => Promise.reject(new Deno.errors.PermissionDenied());
  const context = { clock: new FakeClock(), readTextFile };
  await assert.rejects(
    successorMs(context, "/d"),
    Deno.errors.PermissionDenied,
  );
});
