// `deno task release`: everything that a release of this version holds, in
// dist/release/: one file a platform, a package for npm, checksums, what is in
// them (SBOM), the installer and the notes.
//   [--partial] accepts platforms left out  [--install LINE] what invitations show as the way to get it
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import { importedPackages } from "./imported_packages.ts";
import { parseReleaseOptions, type ReleaseOptions } from "./build_options.ts";
import { defined } from "../../lib/defined.ts";
import { bundleProgram } from "./bundle_program.ts";
import { makeFiles } from "./make_files.ts";
import { DENO_VERSION, writeNpmPackage } from "./npm_package.ts";
import { copyProgram, sourceFiles } from "./program_copy.ts";
import { releaseNotes } from "./release_notes.ts";
import { type LockFile, sbom } from "./sbom.ts";
import { sha256Sums } from "./sums.ts";
import { TARGETS } from "./targets.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = join(ROOT, "dist/release");

Deno.exit(await main());

async function main(): Promise<number> {
  const parsed = parseReleaseOptions(Deno.args);
  if (parsed.ok) return await release(parsed.options);
  console.error(`release: ${parsed.reason}`);
  return 2;
}

async function release(
  { partial: isPartial, install }: ReleaseOptions,
): Promise<number> {
  const { version } = denoJson;
  const changelog = await Deno.readTextFile(join(ROOT, "CHANGELOG.md"));
  const notes = releaseNotes(changelog, version);
  if (notes === null) {
    console.error(`release: CHANGELOG.md says nothing under '## ${version}'`);
    return 1;
  }
  await emptyFolder(DIST);
  const files = await makeFiles({
    root: ROOT,
    dist: DIST,
    targets: TARGETS,
    nameOf: ({ name, suffix }) => `agentnet-${name}${suffix}`,
    portable: false,
    ...defined({ install }),
    say: (line) => console.log(line),
  });
  if (files.length < TARGETS.length && !isPartial) {
    console.error(
      "release: not every platform; run it where Deno's base runtimes can be fetched, or pass --partial",
    );
    return 1;
  }
  const npm = join(DIST, `agentnet-${version}.tgz`);
  using bundle = await bundleProgram(ROOT, defined({ install }));
  await writeNpmPackage({ root: ROOT, bundle: bundle.folder, output: npm });
  console.log(`agentnet-${version}.tgz: for npm, as ${denoJson.name}`);
  await writeRest({ version, notes, files, npm });
  console.log(`release: ${version} is in dist/release`);
  return 0;
}

/** What an earlier version left there is no part of this one. */
async function emptyFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
  for await (const { name } of Deno.readDir(path)) {
    await Deno.remove(join(path, name), { recursive: true });
  }
}

async function writeRest(
  { version, notes, files, npm }: {
    readonly version: string;
    readonly notes: string;
    readonly files: readonly string[];
    /** Path of the package for npm. */
    readonly npm: string;
  },
): Promise<void> {
  const bill = join(DIST, `agentnet-${version}.cdx.json`);
  const installer = join(DIST, "install.sh");
  await Deno.writeTextFile(bill, JSON.stringify(await makeSbom(npm), null, 2));
  await Deno.copyFile(join(ROOT, "scripts/install.sh"), installer);
  await Deno.writeTextFile(join(DIST, "NOTES.md"), notes);
  await Deno.writeTextFile(join(DIST, "VERSION"), version + "\n");
  await Deno.writeTextFile(
    join(DIST, "SHA256SUMS"),
    await sha256Sums([...files, npm, bill, installer]),
  );
}

async function makeSbom(npm: string): Promise<Record<string, unknown>> {
  using program = await copyProgram(ROOT);
  const sources = await sourceFiles(program.folder);
  // What the pages import is in their bundles.
  const pages = await sourceFiles(join(ROOT, "page"));
  const lock: LockFile = JSON.parse(
    await Deno.readTextFile(join(ROOT, "deno.lock")),
  );
  return sbom({
    lock,
    version: denoJson.version,
    deno: Deno.version.deno,
    npm: {
      name: denoJson.name,
      deno: DENO_VERSION,
      sha512: createHash("sha512").update(await Deno.readFile(npm))
        .digest("hex"),
    },
    imported: importedPackages(
      [...sources.values(), ...pages.values()],
      denoJson.imports,
    ),
  });
}
