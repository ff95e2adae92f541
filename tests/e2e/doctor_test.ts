import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

interface Finding {
  readonly name: string;
  readonly level: string;
  readonly detail: string;
}

Deno.test("doctor: a relay that can be reached and a sandbox that holds are ok, line by line, exit 0", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  const { code, value } = await ada.json(["doctor", "--relay", url]);
  const findings = value.findings as Finding[];
  assert.deepEqual(findings.filter(({ level }) => level === "fault"), []);
  assert.equal(code, 0);
  for (
    const name of [
      "version",
      "data dir",
      "daemon",
      "name",
      "TCP",
      "login",
      "clock",
      "proxy",
    ]
  ) {
    assert.ok(
      findings.some((each) => each.name === name && each.level === "ok"),
      name,
    );
  }
  const login = findings.find(({ name }) => name === "login");
  assert.match(login?.detail ?? "", /extensions: .*\back\b/);
  assert.equal(
    findings.filter(({ name, detail }) =>
      name === "sandbox" && detail.endsWith("refused")
    ).length,
    6,
  );
});

Deno.test("doctor: with a daemon that is connected it says so, and the daemon stays connected", async () => {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  const { code, stdout } = await ada.run(["doctor"]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok +daemon: .*connected/m);
  assert.match(stdout, /^ok +login: welcome/m);
  assert.equal((await ada.run(["status", "--check"])).code, 0);
});

Deno.test("doctor: no relay, a dead one and a wrong name are faults with a cure, exit 1", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  for (
    const [args, fault] of [[[], "relay"], [
      ["--relay", "ws://127.0.0.1:9"],
      "TCP",
    ]] as const
  ) {
    const answer = await ada.run(["doctor", ...args]);
    assert.equal(answer.code, 1, answer.stdout + answer.stderr);
    assert.match(answer.stdout, new RegExp(`^FAULT +${fault}: .* -> .+$`, "m"));
  }
});

/** A name of this host's own table besides localhost, without a dot: no name server has it. */
const ownName = /^127\.0\.0\.1\s.*?\b(?!localhost)([a-z][a-z0-9-]*)\s*$/m.exec(
  await Deno.readTextFile("/etc/hosts").catch(() => ""),
)?.[1];

Deno.test({
  name:
    "doctor: a relay's name that only this host's own table has is ok, and said to be of it",
  ignore: ownName === undefined,
  async fn() {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    const relay = url.replace("127.0.0.1", `${ownName}`);
    const { stdout } = await stage.agent("ada").run([
      ...["doctor", "--relay", relay],
    ]);
    assert.match(
      stdout,
      /^ok +name: \S+ is (known to this host|127\.0\.0\.1)/m,
    );
    assert.match(stdout, /^ok +TCP: /m);
  },
});
