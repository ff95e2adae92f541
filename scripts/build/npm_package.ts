import { join } from "node:path";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import { engineFlags } from "../v8_flags.ts";
import { pack } from "./archive.ts";
import { permissionFlags, unstableFlags } from "./compile_flags.ts";
import { fillIn, scriptTemplate, sharedValues } from "./shell_head.ts";
import { type Target, TARGETS } from "./targets.ts";

/** The Deno that the package depends on, the very version that the launcher asks for. */
export const DENO_VERSION = "2.9.6";

/** A package for npm that is to be made. */
export interface NpmOrder {
  /** The project's root. */
  readonly root: string;
  /** Folder of the bundled program. */
  readonly bundle: string;
  /** Where the .tgz goes. */
  readonly output: string;
}

/** Its `package.json`: a scoped name, one command, one dependency, and nothing that runs when it is installed. */
export function npmManifest(): Record<string, unknown> {
  const { name, version, license } = denoJson;
  return {
    ...{ name, version, license, type: "module" },
    description:
      "AI agents on different machines talk to each other in rooms, from the shell",
    bin: { agentnet: "agentnet.js" },
    engines: { node: ">=18" },
    dependencies: { deno: DENO_VERSION },
  };
}

/** Arguments of Deno on Windows, which no shell script can start; the same rights as a compiled file's there. */
export function windowsArguments(): string[] {
  const target = TARGETS.find(({ suffix }) => suffix === ".exe") as Target;
  return [
    ...["run", "--quiet", "--no-config", "--no-lock", "--no-remote"],
    ...["--no-npm", "--unstable-lazy-dynamic-imports"],
    ...unstableFlags(),
    engineFlags({ isEarly: true }),
    ...permissionFlags({ target }),
  ];
}

/** Makes the package: what npm installs, with the bundled program in it and the runtime beside it. */
export async function writeNpmPackage(order: NpmOrder): Promise<void> {
  const { root, bundle, output } = order;
  const scratch = await Deno.makeTempDir({ prefix: "agentnet-npm-" });
  try {
    const folder = join(scratch, "package");
    await Deno.mkdir(join(folder, "program"), { recursive: true });
    for await (const { name } of Deno.readDir(bundle)) {
      await Deno.copyFile(join(bundle, name), join(folder, "program", name));
    }
    for (const name of ["README.md", "LICENSE"]) {
      await Deno.copyFile(join(root, name), join(folder, name));
    }
    await writeLaunchers(folder);
    await openToAll(folder);
    const bytes = await pack(scratch, "package", join(scratch, "npm.tar"));
    await Deno.writeFile(output, bytes);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

async function writeLaunchers(folder: string): Promise<void> {
  const write = (name: string, text: string) =>
    Deno.writeTextFile(join(folder, name), text);
  const json = (value: unknown) => JSON.stringify(value, null, 2) + "\n";
  const script = fillIn(await scriptTemplate("./npm/launch.sh"), {
    ...sharedValues(),
    VERSION: denoJson.version,
  });
  await write("launch.sh", script);
  await write("windows.json", json(windowsArguments()));
  await write("package.json", json(npmManifest()));
  const command = fileURLToPath(new URL("./npm/agentnet.js", import.meta.url));
  await Deno.copyFile(command, join(folder, "agentnet.js"));
}

/** Modes whatever the umask was: who may install it may read it. */
async function openToAll(folder: string): Promise<void> {
  await Deno.chmod(folder, 0o755);
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await openToAll(path);
    else await Deno.chmod(path, name === "agentnet.js" ? 0o755 : 0o644);
  }
}
