import assert from "node:assert/strict";
import { REGISTRY } from "../../../commands/cli/registry.ts";
import { PROGRAM_VERSION } from "../../../commands/cli/program_version.ts";
import { someSend, someStatus } from "../../fakes/api_values.ts";
import { CliRig } from "../../fakes/cli_rig.ts";

/** One line that tells a wrong use: exit 2, nothing on stdout, nothing asked of the daemon. */
async function wrongUse(...args: string[]): Promise<string> {
  const rig = new CliRig();
  const { code, stdout, stderr } = await rig.run(...args);
  assert.deepEqual([code, stdout], [2, ""], `${args}: ${stderr}`);
  assert.match(stderr, /^agentnet: [^\n]+; [^\n]+\n$/, `${args}`);
  assert.deepEqual(rig.calls, [], `${args}`);
  return stderr;
}

Deno.test("run: a near miss of a command names the command", async () => {
  assert.match(await wrongUse("mesages"), /did you mean 'messages'/);
  assert.match(await wrongUse("stat"), /'status'/);
  assert.match(await wrongUse("qqqqqqqqqqqq"), /agentnet --help/);
});

Deno.test("run: names of Object's own are no commands", async () => {
  for (const name of ["constructor", "__proto__", "toString", ""]) {
    await wrongUse(name);
  }
});

Deno.test("run: wrong lines are 2, told with what to do", async () => {
  const table: [args: string[], says: RegExp][] = [
    [["join"], /room/],
    [["join", "tea", "coffee"], /one word too many/],
    [["join", "Not a name"], /a-z, 0-9 and -/],
    [["join", "x".repeat(65)], /1 to 64/],
    [["create", "tea!"], /room's name/],
    [["leave", "tea/../x"], /room's name/],
    [["send"], /room is missing.*agentnet send tea/],
    [["send", "tea"], /text is empty/],
    [["send", "tea", ""], /text is empty/],
    [
      ["send", "tea", "x".repeat(32 * 1024 + 1)],
      /32769 bytes, more than 32768/,
    ],
    [["send", "tea", "half \ud800"], /half a character/],
    [["messages", "--wait", "60"], /add a unit: 60s/],
    [
      ["messages", "--wait", "11m"],
      /: --wait: a wait from 1ms to 10m is wanted, not '11m';/,
    ],
    [["messages", "--wait", "0s"], /from 1ms to 10m/],
    [["messages", "--wait"], /--wait needs a value/],
    [["messages", "--limit", "0"], /1 to 500/],
    [["messages", "--limit", "501"], /1 to 500/],
    [
      ["messages", "--limit", "1000"],
      /: --limit: a whole number from 1 to 500 is wanted, not '1000';/,
    ],
    [["messages", "--after", "-1"], /whole number/],
    [["messages", "--max-bytes", "no"], /whole number/],
    [["messages", "--count", "--follow"], /don't go together/],
    [["messages", "--form", "bob"], /--from/],
    [["rooms", "--match", "some"], /any or all/],
    [["rooms", "--limit", "5", "--limit", "6"], /stands twice/],
    [["status", "--api", "192.0.2.1:9900"], /loopback/],
    [["ask", "tea", "Why?", "--timeout", "5"], /add a unit/],
    [["relay", "--listen", "nowhere"], /--listen nowhere/],
    [["relay", "--join-age", "60"], /duration/],
  ];
  for (const [args, says] of table) {
    assert.match(await wrongUse(...args), says, `${args}`);
  }
});

Deno.test("run: wrong use with --json is an error on stdout", async () => {
  for (const line of [["join"], ["nonsense"], ["messages", "--wait", "5"]]) {
    const rig = new CliRig();
    const { code, stdout, stderr } = await rig.run(...line, "--json");
    assert.deepEqual([code, stderr], [2, ""]);
    assert.equal(JSON.parse(stdout).error.code, "USAGE");
  }
});

Deno.test("run: text that starts with a hyphen gets the corrected line, which then works", async () => {
  const table: [args: string[], corrected: string[]][] = [
    [["send", "tea", "-v"], ["send", "tea", "--", "-v"]],
    [["send", "tea", "see", "--foo", "it"], [
      "send",
      "tea",
      "see",
      "--",
      "--foo",
      "it",
    ]],
    [["send", "tea", "-x", "--force"], ["send", "tea", "--force", "--", "-x"]],
    [["send", "tea", "use", "it", "--help"], [
      "send",
      "tea",
      "use",
      "it",
      "--",
      "--help",
    ]],
    [["create", "tea", "-what", "--tag", "a"], [
      "create",
      "tea",
      "--tag",
      "a",
      "--",
      "-what",
    ]],
  ];
  for (const [args, corrected] of table) {
    const line = ["agentnet", ...corrected].join(" ");
    const stderr = await wrongUse(...args);
    assert.ok(stderr.trimEnd().endsWith(line), `${stderr} ${line}`);
    const rig = new CliRig({
      "POST send": () => someSend(),
      "POST create": () => ({ name: "tea", topic: "", tags: [], members: [] }),
    });
    const again = await rig.run(...corrected);
    assert.equal(again.code, 0, again.stderr);
  }
});

Deno.test("run: --help of the program and of every command is 0 and asks nothing", async () => {
  const rig = new CliRig();
  const whole = await rig.run("--help");
  assert.equal(whole.code, 0);
  for (const name of Object.keys(REGISTRY).filter((one) => one !== "daemon")) {
    assert.match(whole.stdout, new RegExp(`^ +${name} `, "m"));
    const { code, stdout, stderr } = await rig.run(
      ...name.split(" "),
      "--help",
    );
    assert.deepEqual([code, stderr], [0, ""], name);
    assert.match(stdout, new RegExp(`agentnet ${name}`), name);
    assert.match(stdout, /--json/, name);
  }
  assert.deepEqual(rig.calls, []);
});

Deno.test("run: with nothing it shows the help", async () => {
  const { code, stdout } = await new CliRig().run();
  assert.equal(code, 0);
  assert.match(stdout, /messages/);
});

Deno.test("version: as --version, as JSON, and as deno.json says", async () => {
  const rig = new CliRig();
  for (const line of ["version", "--version"]) {
    assert.match((await rig.run(line)).stdout, /0\.1\.0\n$/);
  }
  const { stdout } = await rig.run("version", "--json");
  assert.equal(JSON.parse(stdout).version, PROGRAM_VERSION);
  const config = new URL("../../../deno.json", import.meta.url);
  const text = await Deno.readTextFile(config);
  assert.equal(JSON.parse(text).version, PROGRAM_VERSION);
});

Deno.test("status: --api and --data-dir win over the environment and the written address", async () => {
  const asked: string[] = [];
  const rig = new CliRig({ "GET status": () => someStatus() });
  rig.files.set("/other/api.token", "a-token-of-the-rig");
  rig.files.set("/other/api.addr", "127.0.0.1:1234");
  rig.seen = (url) => asked.push(url.host);
  rig.env.set("AGENTNET_API", "127.0.0.1:5555");
  await rig.run("status");
  await rig.run("status", "--data-dir", "/other");
  await rig.run("status", "--data-dir", "/other", "--api", "localhost:77");
  rig.env.set("AGENTNET_DATA_DIR", "/other");
  await rig.run("status");
  assert.deepEqual(asked, [
    "127.0.0.1:9900",
    "127.0.0.1:1234",
    "127.0.0.1:77",
    "127.0.0.1:1234",
  ]);
});

Deno.test("status --check: 0, 3 or 5, and silent each time", async () => {
  const up = new CliRig({ "GET status": () => someStatus() });
  assert.deepEqual(await up.run("status", "--check"), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  const off = () => someStatus({ connected: false, reason: "no route" });
  const down = new CliRig({ "GET status": off });
  const silent = (code: number) => ({ code, stdout: "", stderr: "" });
  assert.deepEqual(await down.run("status", "--check"), silent(5));
  const told = await down.run("status", "--check", "--json");
  assert.match(told.stdout, /"code":"NOT_CONNECTED"/);
  down.daemonDown = true;
  assert.deepEqual(await down.run("status", "--check"), silent(3));
});

Deno.test("run: the help of commands that take text says where room and text stand", async () => {
  for (const name of ["send", "ask", "claim"]) {
    const { stdout } = await new CliRig().run(name, "--help");
    assert.match(
      stdout,
      new RegExp(`agentnet ${name} <room> <text>\\.\\.\\. `),
    );
  }
});
