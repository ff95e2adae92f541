import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ClientOnly } from "./build_options.ts";
import { pack } from "./archive.ts";
import { relayHost } from "./compile_flags.ts";
import { fillIn, scriptTemplate, sharedValues } from "./shell_head.ts";

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
export function portableTemplate(): Promise<string> {
  return scriptTemplate("./portable_head.sh");
}

/** Fills the script that a portable file begins with. */
export function portableHead(template: string, head: PortableHead): string {
  const { clientOnly } = head;
  return fillIn(template, {
    ...sharedValues(clientOnly),
    VERSION: head.version,
    TARGET: head.target,
    HASH: head.hash,
    BYTES: String(head.bytes),
    ONLY_NET: quotable(
      clientOnly === undefined
        ? ""
        : clientOnly.relays.map(relayHost).join(","),
    ),
  });
}

/** The address stands between single quotes in the script: just what a host and port need is let through. */
function quotable(text: string): string {
  if (!/^[\w:.,[\]-]*$/.test(text)) {
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
    return await pack(folder, ".", join(scratch, "payload.tar"));
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}
