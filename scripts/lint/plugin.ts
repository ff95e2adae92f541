// The project's own lint rules, run by `deno lint` (deno.json, "lint").

import { layers } from "./layers.ts";
import { longFile } from "./long_file.ts";
import { noCycle } from "./no_cycle.ts";
import { pure } from "./pure.ts";
import * as small from "./small_rules.ts";

const plugin: Deno.lint.Plugin = {
  name: "agentnet",
  rules: {
    "layers": layers,
    "no-cycle": noCycle(),
    "pure": pure,
    "long-file": longFile,
    "import-map": small.importMap,
    "no-default-export": small.noDefaultExport,
    "no-barrel": small.noBarrel,
    "no-console": small.noConsole,
    "no-empty-catch": small.noEmptyCatch,
    "no-deno": small.noDeno,
    "one-websocket": small.oneWebSocket,
  },
};

// A lint plugin is looked for in the default export.
// deno-lint-ignore agentnet/no-default-export
export default plugin;
