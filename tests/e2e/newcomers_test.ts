// Two who never saw the program, each with the portable file and an empty home.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { makeFiles } from "../../scripts/build/make_files.ts";
import { hostTarget } from "../../scripts/build/targets.ts";
import { Stage } from "../../scripts/stage.ts";
import { EmptyHome } from "../fakes/empty_home.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function portableFile(dist: string): Promise<string> {
  const target = hostTarget(Deno.build.target);
  assert.ok(target !== undefined, Deno.build.target);
  const [file] = await makeFiles({
    ...{ root: ROOT, dist, targets: [target], portable: true },
    nameOf: () => "agentnet",
    say: () => {},
  });
  assert.ok(file !== undefined);
  return file;
}

/** A home whose commands are counted. */
async function newcomer(stage: Stage, name: string) {
  const home = await EmptyHome.make(stage, name);
  const typed: string[] = [];
  return {
    home,
    typed,
    type: async (...line: string[]) => {
      typed.push(line[0] ?? "");
      const answer = await home.run(line);
      assert.equal(answer.code, 0, `${line[0]}: ${answer.stderr}`);
      return answer.stdout;
    },
  };
}

Deno.test("newcomers: two commands a side and one string from empty homes to a message, without Deno on the PATH", async () => {
  const dist = await Deno.makeTempDir();
  try {
    const program = await portableFile(dist);
    await using stage = await Stage.open({ program, bare: true });
    const relay = stage.start([
      ...["relay", "--open", "--listen", "127.0.0.1:0"],
      ...["--data", `${stage.folder}/relay`],
    ]);
    const said = await relay.line(
      /the first agent: agentnet (invite \S+ --relay (ws:\/\/\S+\/v1\/ws))\n/,
      60_000,
    );
    const ada = await newcomer(stage, "ada");
    await using _adas = ada.home;
    const bob = await newcomer(stage, "bob");
    await using _bobs = bob.home;
    // As it stands in the relay's own words.
    const string = await ada.type(...(said[1] ?? "").split(" "));
    await bob.type("join", string.trim());
    await bob.type("send", "tea", "Hello from an empty home.");
    const got = await ada.type("messages", "--wait", "30s");
    assert.match(got, /: Hello from an empty home\.\n/);
    assert.deepEqual(ada.typed, ["invite", "messages"]);
    assert.deepEqual(bob.typed, ["join", "send"]);
    // Both daemons had the network of their relay and loopback alone.
    const { host } = new URL((said[2] ?? "").replace("ws:", "http:"));
    for (const { home } of [ada, bob]) {
      const kept = await Deno.readTextFile(
        `${home.folder}/.agentnet/relay.url`,
      );
      assert.equal(new URL(kept.trim()).host, host);
    }
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
});
