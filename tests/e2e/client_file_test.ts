import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import { bundleProgram } from "../../scripts/build/bundle_program.ts";
import {
  packPayload,
  portableTemplate,
  writePortable,
} from "../../scripts/build/portable.ts";
import { hostTarget } from "../../scripts/build/targets.ts";
import { clientFile } from "../scenarios/client_file.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("file for agents' hosts: it knows its relay, holds no relay, and refuses another by name", () =>
  clientFile(makePortable));

/** A portable file whose runtime is this host's, named rather than packed, which would take as long as all else. */
async function makePortable(dist: string, relay: URL): Promise<string> {
  using program = await bundleProgram(ROOT, {
    clientOnly: { relays: [relay] },
  });
  const runtime = `${dist}/runtime`;
  const script = `#!/bin/sh\nexec '${Deno.execPath()}' "$@"\n`;
  await Deno.writeTextFile(runtime, script);
  const file = `${dist}/agentnet`;
  await writePortable(file, {
    template: await portableTemplate(),
    payload: await packPayload(program.folder, runtime),
    head: {
      version: denoJson.version,
      target: hostTarget(Deno.build.target)?.name ?? Deno.build.target,
      clientOnly: { relays: [relay] },
    },
  });
  return file;
}
