import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ClientOnly } from "./build_options.ts";
import { permissionFlags, relayHost, unstableFlags } from "./compile_flags.ts";
import { defined } from "../../lib/defined.ts";

/** What the head of a portable file is filled with. */
export interface PortableHead {
  readonly version: string;
  /** Platform, as in the target's name. */
  readonly target: string;
  /** SHA-256 of the payload, hex. */
  readonly hash: string;
  /** Length of the payload. */
  readonly bytes: number;
  readonly clientOnly?: ClientOnly;
}

/** The script that a portable file begins with, and what it shares with the launcher in it. */
export async function portableTemplate(): Promise<string> {
  const read = (path: string) =>
    Deno.readTextFile(new URL(path, import.meta.url));
  const head = await read("./portable_head.sh");
  const shared = await read("../rights.sh") +
    await read("../surroundings.sh") + await read("../start.sh");
  return head.replace("@SHARED@\n", () => shared);
}

/** Fills the script that a portable file begins with. */
export function portableHead(template: string, head: PortableHead): string {
  const values: Record<string, string> = {
    VERSION: head.version,
    TARGET: head.target,
    HASH: head.hash,
    BYTES: String(head.bytes),
    ONLY_NET: quotable(
      head.clientOnly === undefined ? "" : relayHost(head.clientOnly.relay),
    ),
    ENV: allowedEnv(head.clientOnly),
    RUNTIME: unstableFlags().join(" "),
  };
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

/** The address stands between single quotes in the script: just what a host and port need is let through. */
function quotable(text: string): string {
  if (!/^[\w:.[\]-]*$/.test(text)) {
    throw new Error(`can't stand in a shell script: ${text}`);
  }
  return text;
}

/** Puts head and payload together in one executable file. */
export async function writePortable(
  output: string,
  parts: {
    readonly template: string;
    readonly payload: Uint8Array;
    readonly head: Omit<PortableHead, "hash" | "bytes">;
  },
): Promise<void> {
  const { payload } = parts;
  const hash = createHash("sha256").update(payload).digest("hex");
  const head = portableHead(parts.template, {
    ...parts.head,
    hash,
    bytes: payload.length,
  });
  const temporary = `${output}.part`;
  using file = await Deno.open(temporary, {
    write: true,
    create: true,
    truncate: true,
    mode: 0o755,
  });
  await writeAll(file, new TextEncoder().encode(head));
  await writeAll(file, payload);
  await Deno.chmod(temporary, 0o755);
  await Deno.rename(temporary, output);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

/**
 * A tar.gz of a bundled program and the runtime that runs it, the same bytes for the same contents.
 *
 * @param bundle folder of `main.js`, its chunks and the workers' bundles.
 * @param runtime path of the Deno that goes with it, as `deno`.
 */
export async function packPayload(
  bundle: string,
  runtime: string,
): Promise<Uint8Array> {
  const scratch = await Deno.makeTempDir({ prefix: "agentnet-pack-" });
  try {
    const folder = join(scratch, "payload");
    await Deno.mkdir(folder, { mode: 0o700 });
    for await (const { name } of Deno.readDir(bundle)) {
      await Deno.copyFile(join(bundle, name), join(folder, name));
    }
    await Deno.copyFile(runtime, join(folder, "deno"));
    await Deno.chmod(join(folder, "deno"), 0o700);
    return await pack(folder, join(scratch, "payload.tar"));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

const SAME_BYTES = [
  "--sort=name",
  "--mtime=@0",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
];

async function pack(folder: string, archive: string): Promise<Uint8Array> {
  await succeed(
    new Deno.Command("tar", {
      args: [...SAME_BYTES, "-C", folder, "-cf", archive, "."],
    }),
  );
  await succeed(new Deno.Command("gzip", { args: ["-6", "-n", archive] }));
  return await Deno.readFile(`${archive}.gz`);
}

async function succeed(command: Deno.Command): Promise<void> {
  const { success, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
