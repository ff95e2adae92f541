import { denoContext } from "./commands/deno_context.ts";
import { run } from "./commands/run.ts";

Deno.exit(await run(Deno.args, denoContext()));
