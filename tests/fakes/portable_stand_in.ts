import { createHash } from "node:crypto";
import type { ClientOnly } from "../../scripts/build/build_options.ts";
import {
  packPayload,
  portableTemplate,
  writePortable,
} from "../../scripts/build/portable.ts";
import { defined } from "../../lib/defined.ts";

/** Prints what it was started with, a line an argument, and notes each start in HOME; the runtime of a stand-in. */
const RUNTIME = `#!/bin/sh
for last; do :; done
[ -z "$HOME" ] || echo "$1 in $DENO_DIR, last $last" >>"$HOME/starts"
printf '[%s]\\n' "$@"
echo "PWD=$PWD HOME=$HOME"
echo "DENO_DIR=$DENO_DIR umask=$(umask)"
`;

/** A portable file whose runtime only tells what it was started with. */
export class PortableStandIn {
  readonly folder: string;
  readonly file: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.file = `${folder}/my agentnet`;
  }

  static async make(clientOnly?: ClientOnly): Promise<PortableStandIn> {
    const self = new PortableStandIn(
      await Deno.makeTempDir({ prefix: "agentnet-portable-" }),
    );
    const bundle = `${self.folder}/bundle`;
    await Deno.mkdir(bundle);
    await Deno.writeTextFile(`${bundle}/main.js`, "");
    const runtime = `${self.folder}/runtime`;
    await Deno.writeTextFile(runtime, RUNTIME, { mode: 0o755 });
    await writePortable(self.file, {
      template: await portableTemplate(),
      payload: await packPayload(bundle, runtime),
      head: {
        version: "1.2.3",
        target: "linux-x64",
        ...defined({ clientOnly }),
      },
    });
    return self;
  }

  /** A new home folder. */
  async home(): Promise<string> {
    return await Deno.makeTempDir({ dir: this.folder, prefix: "home of " });
  }

  async run(args: readonly string[], options: StandInRun) {
    const [program, ...first] = options.through ?? [];
    const child = new Deno.Command(program ?? this.file, {
      args: program === undefined ? [...args] : [...first, this.file, ...args],
      clearEnv: true,
      env: { PATH: "/usr/bin:/bin", ...options.env },
      cwd: options.cwd ?? "/",
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    const lines = text.decode(stdout).split("\n");
    return {
      code,
      stderr: text.decode(stderr),
      /** Arguments that the runtime was given. */
      flags: lines.filter((line) => line.startsWith("["))
        .map((line) => line.slice(1, -1)),
      /** Folder that it was unpacked to. */
      where: /DENO_DIR=(.*)\/[^/]+\/(?:cache|brief) umask/.exec(
        lines.join("\n"),
      )?.[1],
      umask: /umask=(\d+)/.exec(lines.join("\n"))?.[1],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

export interface StandInRun {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A shell and its arguments that runs the file, instead of what its first line says. */
  readonly through?: readonly string[];
}

/** The name of the folder that a file unpacks to: the hash of its payload. */
export async function payloadHash(file: string): Promise<string> {
  const bytes = await Deno.readFile(file);
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 20_000));
  const length = Number(/^bytes=(\d+)$/m.exec(head)?.[1]);
  return createHash("sha256").update(bytes.subarray(-length)).digest("hex");
}
