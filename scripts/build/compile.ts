// `deno task compile`: the program as one file in dist/, compiled where
// Deno's base runtime can be had, portable where it can't.
//   [--client-only --relay wss://host] [--all] [--portable] [--install LINE]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseBuildOptions } from "./build_options.ts";
import { makeFiles } from "./make_files.ts";
import { hostTarget } from "./targets.ts";
import { defined } from "../../lib/defined.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.exit(await compile());

async function compile(): Promise<number> {
  const parsed = parseBuildOptions(Deno.args);
  if (!parsed.ok) {
    console.error(`compile: ${parsed.reason}`);
    return 2;
  }
  const host = hostTarget(Deno.build.target);
  if (host === undefined) {
    console.error(`compile: no file is made for ${Deno.build.target}`);
    return 1;
  }
  const { targets, portable, clientOnly, install } = parsed.options;
  const made = await makeFiles({
    root: ROOT,
    dist: join(ROOT, "dist"),
    targets: targets.length > 0 ? targets : [host],
    nameOf: (target) =>
      (targets.length > 0 ? `agentnet-${target.name}` : "agentnet") +
      target.suffix,
    portable,
    say: (line) => console.log(line),
    ...defined({ clientOnly, install }),
  });
  return made.length > 0 ? 0 : 1;
}
