import type { ClientOnly } from "./build_options.ts";
import { permissionFlags, unstableFlags } from "./compile_flags.ts";
import { defined } from "../../lib/defined.ts";

/** What every script before a bundled program shares with the launcher, in the order in which it is read. */
const SHARED = [
  "../rights.sh",
  "../surroundings.sh",
  "../start.sh",
  "./run_bundle.sh",
];

/** A script of this folder, with what it shares in place of its line `@SHARED@`. */
export async function scriptTemplate(path: string): Promise<string> {
  const read = (file: string) =>
    Deno.readTextFile(new URL(file, import.meta.url));
  const shared = await Promise.all(SHARED.map(read));
  return (await read(path)).replace("@SHARED@\n", () => shared.join(""));
}

/** What stands for each place of a template that every script has. */
export function sharedValues(clientOnly?: ClientOnly): Record<string, string> {
  return {
    ENV: allowedEnv(clientOnly),
    RUNTIME: unstableFlags().join(" "),
  };
}

/** Fills in all places, `@NAME@`. @throws for one that no value is given for. */
export function fillIn(
  template: string,
  values: Readonly<Record<string, string>>,
): string {
  return template.replace(/@([A-Z_]+)@/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to fill in for ${whole}`);
    return value;
  });
}

/** The list after `--allow-env=`, the same as that of a compiled file. */
function allowedEnv(clientOnly: ClientOnly | undefined): string {
  const flag = permissionFlags(defined({ clientOnly }))
    .find((each) => each.startsWith("--allow-env="));
  if (flag === undefined) {
    throw new Error("no --allow-env in the permission flags");
  }
  return flag.slice("--allow-env=".length);
}
