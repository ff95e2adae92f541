// README.md and SKILL.md, line by line, as a newcomer in an empty home.

import assert from "node:assert/strict";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";

const ROOT = new URL("../../", import.meta.url);
const RELAY = "wss://relay.example.org/v1/ws";
/** Exit codes other than 0 that a line may end with. */
const EXPECTED: Readonly<Record<string, number>> = {};

/** The shell lines of a page's `sh` blocks; a here-document is one line. */
function shellLines(page: string): string[] {
  const blocks = [...page.matchAll(/^ *```sh\n([\s\S]*?)```/gm)];
  const text = blocks.map((block) => block[1]).join("");
  return text.match(/^.*<<'END'\n[\s\S]*?\nEND$|^.+$/gm) ?? [];
}

/** The complete commands that stand inside the text of a page. */
function inlineCommands(page: string): string[] {
  const quoted = [...page.matchAll(/`(agentnet [^`]+)`/g)];
  return quoted.map((one) => one[1] ?? "");
}

/** A shell in a new home, with `agentnet` and a `git` of its own on the PATH. */
class Newcomer {
  readonly home: string;
  /** What a friend gave. */
  invitation = "";
  readonly #relay: string;

  private constructor(home: string, relay: string) {
    this.home = home;
    this.#relay = relay;
  }

  static async arrive(home: string, relay: string): Promise<Newcomer> {
    const bin = `${home}/.local/bin`;
    await Deno.mkdir(bin, { recursive: true });
    const launcher = decodeURIComponent(
      new URL("scripts/agentnet", ROOT).pathname,
    );
    await Deno.symlink(launcher, `${bin}/agentnet`);
    await Deno.writeTextFile(`${bin}/git`, "#!/bin/sh\necho '+ a line'\n", {
      mode: 0o755,
    });
    await Deno.writeTextFile(`${home}/note.txt`, "A note.\n");
    return new Newcomer(home, relay);
  }

  /** What a line comes to; exports of earlier lines are settings of `env`. */
  async shell(line: string) {
    const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
      args: ["-c", this.#asTyped(line)],
      cwd: this.home,
      env: this.#env(),
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  /** With what a reader puts in the place of examples. */
  #asTyped(line: string): string {
    return line.replaceAll(RELAY, this.#relay)
      .replace(/--name \S+/, "--name newcomer")
      .replace("agentnet-invite-1.…", this.invitation);
  }

  #env(): Record<string, string> {
    const home = Deno.env.get("HOME") ?? "";
    return {
      HOME: this.home,
      PATH: `${this.home}/.local/bin:${Deno.env.get("PATH")}`,
      // The packages that are here already are not fetched again.
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${home}/.cache/deno`,
      DENO: Deno.execPath(),
      AGENTNET_RELAY: this.#relay,
      AGENTNET_NAME: "newcomer",
      AGENTNET_API: "127.0.0.1:0",
    };
  }
}

/** The id of the next message of a room that the friend has not read. */
async function nextMessage(friend: StagedAgent, room: string): Promise<string> {
  const page = await friend.json(["messages", room, "--wait", "60s"]);
  assert.equal(page.code, 0, page.stderr);
  return page.value.messages.at(-1).id;
}

/** The other agent, in the room, who speaks when a line waits for a message. */
async function speakFor(line: string, friend: StagedAgent): Promise<void> {
  const room = / ask (\S+)/.exec(line)?.[1];
  if (room) {
    const question = await nextMessage(friend, room);
    await friend.run(["reply", question, "Assam."]);
  } else if (/ messages .*--wait| messages .*--mention/.test(line)) {
    await friend.run(["send", "tea", "Hello, @newcomer."]);
  }
}

async function walk(
  lines: readonly string[],
  newcomer: Newcomer,
  friend: StagedAgent,
): Promise<void> {
  for (const line of lines) {
    await friend.run(["messages"]);
    const [answer] = await Promise.all([
      newcomer.shell(line),
      speakFor(line, friend),
    ]);
    const told = `${line}\n${answer.stdout}${answer.stderr}`;
    assert.equal(answer.code, EXPECTED[line] ?? 0, told);
    if (/agentnet (create|join|invite) tea/.test(line)) {
      await friend.run(["join", "tea"]);
    }
  }
}

interface Scene {
  readonly newcomer: Newcomer;
  readonly friend: StagedAgent;
}

async function scene(stage: Stage): Promise<Scene> {
  const { url } = await stage.startRelay();
  const friend = stage.agent("friend");
  await friend.online({ relay: url });
  const newcomer = await Newcomer.arrive(`${stage.folder}/home`, url);
  const { stdout } = await friend.run(["invite", "lobby"]);
  newcomer.invitation = stdout.trim();
  return { newcomer, friend };
}

/** Runs `body`, then stops the newcomer's daemon whatever happened. */
async function visiting({ newcomer }: Scene, body: () => Promise<void>) {
  try {
    await body();
  } finally {
    await newcomer.shell("agentnet stop");
  }
}

Deno.test("README.md: every command of its beginning and of 'Use it' runs as written", async () => {
  const page = await Deno.readTextFile(new URL("README.md", ROOT));
  const first = page.slice(0, page.indexOf("## Try it"));
  const use = page.slice(
    page.indexOf("## Use it"),
    page.indexOf("## One file"),
  );
  const lines = shellLines(first + use).filter((line) =>
    !/^(ln|export) /.test(line)
  );
  // `leave` and `stop` stand before the lines about files: they come last.
  const ends = lines.filter((line) => /agentnet (leave|stop)/.test(line));
  const others = lines.filter((line) => !ends.includes(line));
  assert.ok(others.length >= 8, lines.join("\n"));
  await using stage = await Stage.open();
  const there = await scene(stage);
  const { newcomer, friend } = there;
  await visiting(there, () => walk([...others, ...ends], newcomer, friend));
});

Deno.test("SKILL.md: every command runs as written", async () => {
  const page = await Deno.readTextFile(
    new URL("skills/agentnet/SKILL.md", ROOT),
  );
  assert.ok(page.split("\n").length < 200);
  const lines = shellLines(page).filter((line) => !/^export /.test(line));
  const ends = lines.filter((line) => /agentnet (leave|stop)/.test(line));
  const others = lines.filter((line) => !ends.includes(line));
  await using stage = await Stage.open();
  const there = await scene(stage);
  const { newcomer, friend } = there;
  await friend.run(["create", "tea"]);
  const said = await friend.json(["send", "tea", "A message to answer"]);
  const { id: key } = (await friend.json(["whoami"])).value;
  const inline = inlineCommands(page)
    .filter((line) => !/ (daemon|leave|stop|up)\b/.test(line))
    .map((line) =>
      line.replace(/\bID\b/, said.value.id).replace(/\bKEY\b/, key)
        .replace(/\bNAME\b/, friend.name).replace('"$room"', "tea")
    );
  await visiting(there, async () => {
    await walk(others, newcomer, friend);
    await newcomer.shell("agentnet messages");
    const again = await friend.json(["send", "tea", "Another to answer"]);
    const lines = inline.map((line) =>
      line.replace(said.value.id, again.value.id)
    );
    await walk([...lines, ...ends], newcomer, friend);
  });
});

Deno.test("README.md: each command of the table is known, and each known one is in the table", async () => {
  const page = await Deno.readTextFile(new URL("README.md", ROOT));
  const rows = [...page.matchAll(/^\| `agentnet ([a-z-]+(?: [a-z-]+)?)/gm)];
  const named = rows.map((row) => row[1] ?? "").sort();
  await using stage = await Stage.open();
  const help = await stage.run(["--help"]);
  assert.equal(help.code, 0);
  const known = [
    ...help.stdout.matchAll(/^ {2,}([a-z][a-z-]*(?: [a-z-]+)?) {2,}\S/gm),
  ];
  assert.deepEqual(named, known.map((row) => row[1] ?? "").sort());
});

Deno.test("README.md: the tests run by the command that it names, and CI runs the same", async () => {
  const page = await Deno.readTextFile(new URL("README.md", ROOT));
  const ci = await Deno.readTextFile(new URL(".ci/run", ROOT));
  const command = "npx -y deno@2.9.6 task test";
  assert.ok(page.includes(`\n${command}\n`));
  assert.ok(ci.split("\n").some((line) => line.endsWith(` test ${command}`)));
});
