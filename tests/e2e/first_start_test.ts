import assert from "node:assert/strict";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** What the launcher says itself, with a runtime that says nothing. */
async function told(place: Record<string, string>): Promise<string> {
  const { stderr } = await new Deno.Command(LAUNCHER, {
    args: ["version"],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", DENO: "/bin/true", ...place },
  }).output();
  return new TextDecoder().decode(stderr);
}

Deno.test("scripts/agentnet: a first start says that it fetches packages, and no other does", async () => {
  const folder = await Deno.makeTempDir({ prefix: "agent net " });
  try {
    const HOME = `${folder}/home`;
    await Deno.mkdir(HOME);
    const places: [place: Record<string, string>, packages: string][] = [
      [{ HOME }, `${HOME}/.cache/deno`],
      [{ HOME }, `${HOME}/Library/Caches/deno`],
      [{ HOME, XDG_CACHE_HOME: `${folder}/cache` }, `${folder}/cache/deno`],
      [{ HOME, DENO_DIR: `${folder}/own` }, `${folder}/own`],
    ];
    for (const [place, packages] of places) {
      assert.match(
        await told(place),
        /^agentnet: this is the first start: [^\n]+\n$/,
      );
      const there = `${packages}/npm/registry/@stricli`;
      await Deno.mkdir(there, { recursive: true });
      assert.equal(await told(place), "");
      await Deno.remove(packages, { recursive: true });
    }
    // Where the runtime asks the system for the home, nobody here knows.
    assert.equal(await told({}), "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
