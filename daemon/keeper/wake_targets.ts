import type { WakeTarget } from "../../lib/agent_settings/wake_target.ts";
import type { PrivateFiles } from "../../lib/host/private_files.ts";
import { fileTrouble } from "../../lib/host/file_trouble.ts";
import type { OwnPermissions } from "../permissions/own_permissions.ts";
import type { WakePost } from "../wake_posts/wake_post.ts";

/** Programs that can be posted wakes, and what the user should know, in words. */
export interface ReadTargets {
  readonly posts: readonly WakePost[];
  readonly warnings: readonly string[];
}

/** A file with a token may be so large, in bytes. */
const MOST_BYTES = 4096;
/** Mode bits of group and others. */
const OTHERS_READ = 0o044;
const OTHERS_WRITE = 0o022;

/** `host:port` of a target, for the network that is granted. */
export function targetAddress({ url }: Pick<WakeTarget, "url">): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || "80"}`;
}

/** The files that hold the targets' tokens. */
export function tokenFiles(targets: readonly WakeTarget[]): readonly string[] {
  return targets.flatMap(({ token_file }) => token_file ?? []);
}

/** Reads the targets' tokens. One whose token can't be read, or that this program may not reach, is left out. */
export async function readTargets(
  targets: readonly WakeTarget[],
  { files, own = Deno.permissions }: {
    readonly files: PrivateFiles;
    readonly own?: Pick<OwnPermissions, "query">;
  },
): Promise<ReadTargets> {
  const posts: WakePost[] = [];
  const warnings: string[] = [];
  for (const { token_file, ...target } of targets) {
    const host = targetAddress(target);
    const { state } = await own.query({ name: "net", host });
    const token = token_file === undefined
      ? {}
      : await readToken(files, token_file);
    const reason = state === "granted"
      ? token.reason
      : `this program has no right to ${host}`;
    if (token.warning !== undefined) warnings.push(token.warning);
    if (reason === undefined) {
      posts.push({ ...target, ...(token.text && { token: token.text }) });
    } else warnings.push(`wake_targets: ${target.url} is left out: ${reason}`);
  }
  return { posts, warnings };
}

interface ReadToken {
  readonly text?: string;
  readonly reason?: string;
  readonly warning?: string;
}

async function readToken(
  files: PrivateFiles,
  path: string,
): Promise<ReadToken> {
  try {
    const { isFile, isSymlink, size, mode } = await files.facts(path);
    const bits = mode ?? 0;
    if (!isFile) return unusable(path, isSymlink ? "a link" : "no file");
    if (size > MOST_BYTES) return unusable(path, "too large");
    if (bits & OTHERS_WRITE) return unusable(path, "one that others can write");
    const [text = ""] = (await files.readText(path)).split(/\r?\n/);
    if (!/^[\x21-\x7e]{1,1000}$/.test(text)) {
      return unusable(path, "one without a token on its first line");
    }
    if ((bits & OTHERS_READ) === 0) return { text };
    return { text, warning: `others can read ${path}: chmod 600 it` };
  } catch (cause) {
    return { reason: fileTrouble("read", { path, cause }).message };
  }
}

const unusable = (path: string, what: string): ReadToken => ({
  reason: `${path} is ${what}`,
});
