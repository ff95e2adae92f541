import { denoContext } from "./commands/cli/deno_context.ts";
import { run } from "./commands/cli/run.ts";

Deno.exit(await run(Deno.args, denoContext()));
