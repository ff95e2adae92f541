import assert from "node:assert/strict";
import { DaemonLog } from "../../../commands/held_daemon/daemon_log.ts";

async function folder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("DaemonLog: appends, for its user alone; what is long is put aside at the first line", async () => {
  await using dir = await folder();
  const path = `${dir.path}/daemon.log`;
  for (const line of ["one\n", "two\n"]) {
    using log = new DaemonLog(path);
    assert.equal(log.write(line), undefined);
  }
  assert.equal(await Deno.readTextFile(path), "one\ntwo\n");
  assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  await Deno.writeTextFile(path, "x".repeat(1_000_001));
  using log = new DaemonLog(path);
  log.write("three\n");
  assert.equal(await Deno.readTextFile(path), "three\n");
  assert.equal((await Deno.stat(`${path}.1`)).size, 1_000_001);
});

Deno.test("DaemonLog: what can't be written is lost, and said so; it is tried again at the next line", async () => {
  await using dir = await folder();
  const path = `${dir.path}/later/daemon.log`;
  using log = new DaemonLog(path);
  assert.equal(log.write("one\n"), "lost");
  await Deno.mkdir(`${dir.path}/later`);
  assert.equal(log.write("two\n"), undefined);
  assert.equal(await Deno.readTextFile(path), "two\n");
});
