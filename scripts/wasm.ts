// Compiles the solver's AssemblyScript and keeps the module as base64 in a
// source file: no file to read at run time, so that a worker without any
// permission, a bundle and a compiled program all load it the same way.
//
//   deno task wasm           writes lib/pow/solver_wasm.ts
//   deno task wasm --check   fails unless building again gives the same bytes

import asc from "assemblyscript/asc";

const ROOT = new URL("../", import.meta.url);
const SOURCE = "lib/pow/assembly/simd_kernel.ts";
const TARGET = "lib/pow/solver_wasm.ts";

const FLAGS = ["--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"];

async function build(source: string): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const result = await asc.main([
    "simd_kernel.ts",
    "--outFile",
    "out",
    ...FLAGS,
  ], {
    readFile: (name: string) => name === "simd_kernel.ts" ? source : null,
    writeFile: (name: string, contents: string | Uint8Array) => {
      if (name === "out" && typeof contents !== "string") module = contents;
    },
    listFiles: () => [],
  });
  if (result.error || !module) {
    throw new Error(`${SOURCE} does not compile:\n${result.stderr}`, {
      cause: result.error,
    });
  }
  return module;
}

function render(module: Uint8Array): string {
  const text = btoa(String.fromCharCode(...module));
  return [
    `// Made by \`deno task wasm\` from ${SOURCE}; edit that.`,
    "",
    `/** The compiled solver (${module.length} bytes of WebAssembly), base64. */`,
    "export const SOLVER_WASM =",
    `  "${text}";`,
    "",
  ].join("\n");
}

const target = new URL(TARGET, ROOT);
const made = render(await build(Deno.readTextFileSync(new URL(SOURCE, ROOT))));
if (!Deno.args.includes("--check")) {
  Deno.writeTextFileSync(target, made);
} else if (Deno.readTextFileSync(target) !== made) {
  throw new Error(
    `${TARGET} is not what ${SOURCE} compiles to; run \`deno task wasm\``,
  );
}
