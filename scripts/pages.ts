// Bundles the pages of page/ and keeps each as text in a source file: no file
// to read at run time, so that a worker without any permission, a bundle and a
// compiled program all carry it the same way.
//
//   deno task pages           writes lib/pages/*_page.ts
//   deno task pages --check   fails unless building again gives the same pages

import { gunzipSync, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import type { BuiltPage } from "../lib/pages/page_files.ts";

const ROOT = new URL("../", import.meta.url);

/** Most bytes of a page as it is sent, all its files together. */
const MOST_BYTES = 60_000;

interface Source {
  readonly title: string;
  readonly constant: string;
  readonly script: string;
  readonly styles: readonly string[];
  readonly icon: string;
  readonly target: string;
}

const SHARED_STYLES = ["page/view/base.css", "page/view/conversation.css"];
const ICON = "page/view/icon.svg";

const PAGES: readonly Source[] = [
  {
    title: "AgentNet relay",
    constant: "RELAY_PAGE",
    script: "page/relay/main.tsx",
    styles: [...SHARED_STYLES, "page/relay/relay.css"],
    icon: ICON,
    target: "lib/pages/relay_page.ts",
  },
  {
    title: "AgentNet",
    constant: "DAEMON_PAGE",
    script: "page/daemon/main.tsx",
    styles: [...SHARED_STYLES, "page/daemon/daemon.css"],
    icon: ICON,
    target: "lib/pages/daemon_page.ts",
  },
];

/** The files of a page as plain text. */
type Texts = Pick<BuiltPage, "script" | "style" | "icon">;

async function build(source: Source): Promise<Texts> {
  const styles = source.styles.map(read).join("\n");
  return {
    script: await bundle(source.script),
    style: styles.replace(/\/\*[^]*?\*\//g, "").replace(/\n\s*/g, "\n"),
    icon: read(source.icon),
  };
}

/** Minified, and in ASCII, as the bundler writes it. */
async function bundle(entry: string): Promise<string> {
  const options = ["--quiet", "--minify", "--platform", "browser"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", ...options, entry],
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${entry} does not bundle:\n${decoder.decode(stderr)}`);
}

function versionOf({ script, style, icon }: Texts): string {
  const hash = createHash("sha256");
  for (const text of [script, style, icon]) hash.update(`${text}\0`);
  return hash.digest("hex").slice(0, 16);
}

/** Another build of zlib may pack otherwise: so what is compared is the version, and what the packed text holds. */
function isCurrent(target: string, texts: Texts): boolean {
  const kept = read(target);
  return Object.entries(texts).every(([name, text]) => {
    const [, base64] = new RegExp(`\\n  ${name}:\\s+"([^"]*)"`).exec(kept) ??
      [];
    if (base64 === undefined) return false;
    const bytes = Uint8Array.fromBase64(base64);
    return gunzipSync(bytes).toString() === text;
  }) && kept.includes(`"${versionOf(texts)}"`);
}

function render(source: Source, texts: Texts): string {
  const packed = Object.entries(texts).map(([name, text]) =>
    [name, gzipSync(text, { level: 9 })] as const
  );
  const bytes = packed.reduce((sum, [, { length }]) => sum + length, 0);
  if (bytes > MOST_BYTES) {
    throw new Error(`${source.target}: ${bytes} bytes, over ${MOST_BYTES}`);
  }
  return [
    "// Made by `deno task pages` from page/; edit that.",
    "",
    'import type { BuiltPage } from "./page_files.ts";',
    "",
    `/** ${source.title}: ${bytes} bytes as it is sent. */`,
    `export const ${source.constant}: BuiltPage = {`,
    `  title: ${JSON.stringify(source.title)},`,
    `  version: "${versionOf(texts)}",`,
    ...packed.map(([name, gzip]) =>
      `  ${name}:\n    "${gzip.toString("base64")}",`
    ),
    "};",
    "",
  ].join("\n");
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

for (const source of PAGES) {
  const texts = await build(source);
  if (!Deno.args.includes("--check")) {
    const target = new URL(source.target, ROOT);
    Deno.writeTextFileSync(target, render(source, texts));
  } else if (!isCurrent(source.target, texts)) {
    throw new Error(
      `${source.target} is not what page/ bundles to; run \`deno task pages\``,
    );
  }
}
