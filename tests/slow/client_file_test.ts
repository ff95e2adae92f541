import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { makeFiles } from "../../scripts/build/make_files.ts";
import { hostTarget } from "../../scripts/build/targets.ts";
import { clientFile } from "../scenarios/client_file.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("file for agents' hosts, made as `deno task compile --client-only` makes it: it knows its relay, holds no relay, and refuses another by name", () =>
  clientFile(async (dist, relay) => {
    const target = hostTarget(Deno.build.target);
    assert.ok(target !== undefined, Deno.build.target);
    const [file] = await makeFiles({
      ...{ root: ROOT, dist, targets: [target], portable: false },
      nameOf: () => "agentnet",
      clientOnly: { relays: [relay] },
      say: () => {},
    });
    assert.ok(file !== undefined);
    return file;
  }));
