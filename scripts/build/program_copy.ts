import { dirname, join, relative } from "node:path";
import type { ProgramVariant } from "./build_options.ts";

/** Folders and files that make up the program; tests and scripts stay behind. */
const PARTS = [
  "main.ts",
  "deno.json",
  "deno.lock",
  "commands",
  "daemon",
  "integrations",
  "lib",
  "mcp",
  // A member of the workspace that deno.json names; what it is for is bundled in lib/pages/.
  "page/deno.json",
  "relay",
  "skills",
];

/** The commands of a relay. */
const RELAY_COMMANDS = [
  "relay.ts",
  "relay_admin.ts",
  "relay_backup.ts",
  "relay_cluster.ts",
];

/** What each of them is in a file without a relay. */
const NO_RELAY = `import { Failure } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { JSON_FLAG, words } from "./cli/flags.ts";

export const command = cliCommand<{ readonly json?: boolean }, string[]>({
  brief: "Not in this file: it is made for agents' hosts and holds no relay",
  parameters: { flags: JSON_FLAG, positional: words("word", "Not used") },
  run: () =>
    Promise.reject(
      new Failure("USAGE", {
        fields: {
          reason: "this file is made for agents' hosts and holds no relay",
          fix: "run a relay with the general agentnet file",
        },
      }),
    ),
});
`;

/** A copy of the program's sources, gone when it is disposed of. */
export interface ProgramCopy extends Disposable {
  readonly folder: string;
}

/**
 * Copies the program to a folder of its own; for agents' hosts without the relay and with its address as the default,
 * with its own install line where one is set.
 */
export async function copyProgram(
  root: string,
  { clientOnly, install }: ProgramVariant = {},
): Promise<ProgramCopy> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-build-" });
  for (const part of PARTS) {
    if (part === "relay" && clientOnly !== undefined) continue;
    await copyInto(join(root, part), join(folder, part));
  }
  if (clientOnly !== undefined) {
    for (const name of RELAY_COMMANDS) {
      await Deno.writeTextFile(join(folder, "commands", name), NO_RELAY);
    }
    const relays = clientOnly.relays.map(({ href }) => href).join(",");
    await writeConstant(folder, DEFAULT_RELAY, relays);
  }
  if (install !== undefined) {
    await writeConstant(folder, INSTALL_LINE, install);
  }
  return {
    folder,
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

/** A file of the program that holds one text, which a build sets. */
interface Constant {
  readonly file: string;
  readonly name: string;
}
const DEFAULT_RELAY: Constant = {
  file: "lib/client/default_relay.ts",
  name: "DEFAULT_RELAY",
};
const INSTALL_LINE: Constant = {
  file: "lib/client/install_line.ts",
  name: "INSTALL_LINE",
};

async function writeConstant(
  folder: string,
  { file, name }: Constant,
  value: string,
): Promise<void> {
  await Deno.writeTextFile(
    join(folder, file),
    `/** Written by the build. */\nexport const ${name}: string | undefined = ${
      JSON.stringify(value)
    };\n`,
  );
}

async function copyInto(from: string, to: string): Promise<void> {
  const info = await statOrNull(from);
  if (info === null) return;
  if (!info.isDirectory) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const entry of Deno.readDir(from)) {
    await copyInto(join(from, entry.name), join(to, entry.name));
  }
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Every TypeScript file of a folder: its path from there, and its text. */
export async function sourceFiles(
  folder: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const walk = async (dir: string): Promise<void> => {
    for await (const entry of Deno.readDir(dir)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory) await walk(path);
      else if (/\.tsx?$/.test(entry.name)) {
        found.set(relative(folder, path), await Deno.readTextFile(path));
      }
    }
  };
  await walk(folder);
  return found;
}
