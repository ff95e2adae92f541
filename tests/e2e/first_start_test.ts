import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import { findWorkers } from "../../scripts/build/bundle.ts";
import { importedPackages } from "../../scripts/build/imported_packages.ts";
import { sourceFiles } from "../../scripts/build/program_copy.ts";
import { Stage } from "../../scripts/stage.ts";

const ROOT = decodeURIComponent(
  new URL("../../", import.meta.url).pathname,
);
const LAUNCHER = `${ROOT}scripts/agentnet`;

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

/** The sources of the program, by their paths. */
async function programSources(): Promise<Map<string, string>> {
  const main = await Deno.readTextFile(`${ROOT}main.ts`);
  const found = new Map([["main.ts", main]]);
  for (const part of ["commands", "daemon", "lib", "mcp", "relay"]) {
    for (const [path, text] of await sourceFiles(`${ROOT}${part}`)) {
      found.set(`${part}/${path}`, text);
    }
  }
  return found;
}

/** Packages in a folder of the runtime's, `@scope/name` or `name`. */
function fetchedInto(folder: string): string[] {
  const names = (path: string) =>
    [...Deno.readDirSync(path)].map((e) => e.name);
  return names(`${folder}/npm`).flatMap((registry) =>
    names(`${folder}/npm/${registry}`).flatMap((name) =>
      name.startsWith("@")
        ? names(`${folder}/npm/${registry}/${name}`).map((one) =>
          `${name}/${one}`
        )
        : name
    )
  ).sort();
}

/** Names of packages that the import map has and the program does not import. */
async function unusedPackages(): Promise<string[]> {
  const byName = new Map(
    Object.entries(denoJson.imports).map(([key, target]) => [
      key,
      /^npm:(@?[^@]+)@/.exec(target)?.[1] as string,
    ]),
  );
  const all = Object.fromEntries(
    [...byName.values()].map((name) => [name, name]),
  );
  const sources = await programSources();
  const used = importedPackages(sources.values(), all);
  return Object.keys(all).filter((name) => !used.has(name));
}

/** By which the registry is reached where there is no other way; a stage has none. */
function proxies(): Record<string, string> {
  const all = Object.entries(Deno.env.toObject());
  return Object.fromEntries(all.filter(([name]) => /_proxy$/i.test(name)));
}

Deno.test("scripts/agentnet: a first start fetches what every worker of the program needs too", async () => {
  const launcher = await Deno.readTextFile(LAUNCHER);
  const list = /for entry in ([^;]+);/.exec(launcher)?.[1] ?? "";
  const entries = list.split(/[\s\\]+/).map((entry) => `${entry}.ts`);
  const workers = findWorkers(await programSources());
  assert.deepEqual(entries, ["main.ts", ...workers]);
});

Deno.test("scripts/agentnet: the first start fetches the packages of the program, no others, and none is missing later", async () => {
  await using stage = await Stage.open();
  const DENO_DIR = `${stage.folder}/deno dir`;
  const env = { DENO_DIR };
  const first = await stage.run(["version"], {
    env: { ...proxies(), DENO_DIR },
  });
  assert.equal(first.code, 0, first.stderr);
  const fetched = fetchedInto(DENO_DIR);
  const unused = await unusedPackages();
  assert.ok(unused.includes("playwright-core"));
  assert.deepEqual(unused.filter((name) => fetched.includes(name)), []);
  assert.ok(fetched.includes("hono") && fetched.includes("ws"));

  const relay = await stage.startRelay(undefined, { env });
  const ada = stage.agent("ada");
  await ada.online({ relay: relay.url, env });
  const made = await ada.run(["create", "vault", "--private"], { env });
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual(fetchedInto(DENO_DIR), fetched);
});

Deno.test("scripts/agentnet: a first start whose packages can't be fetched ends with the runtime's reason and what to do", async () => {
  await using stage = await Stage.open();
  const deno = `${stage.folder}/deno`;
  await Deno.writeTextFile(deno, "#!/bin/sh\necho no line: $1 >&2\nexit 1\n");
  await Deno.chmod(deno, 0o755);
  const env = { DENO: deno, DENO_DIR: `${stage.folder}/own` };
  const { code, stdout, stderr } = await stage.run(["version"], { env });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /\nno line: cache\nagentnet: the packages were not .*\n$/,
  );
});
