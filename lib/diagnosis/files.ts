import { Failure } from "../errors.ts";
import { Identity } from "../protocol/identity.ts";
import { fault, type Finding, ok, warning } from "./finding.ts";

type Look = FilesToExamine["look"];

/** Longest file that is taken for a key; a right one has about 110 bytes. */
const MOST_KEY_BYTES = 4096;

/** The disk as it is looked at; both reject with errors of `Deno.errors`. */
export interface FilesToExamine {
  /** Links are not followed. */
  look(path: string): Promise<Deno.FileInfo>;
  readText(path: string): Promise<string>;
}

/** The data dir and the files in it: there, ours alone, of the right kind. What is in the key is never shown. */
export async function fileFindings(
  dataDir: string,
  files: FilesToExamine,
): Promise<Finding[]> {
  const look: Look = (path) => files.look(path);
  const key = `${dataDir}/agent.key`;
  const dir = await facts(look, dataDir);
  if (dir === null) {
    return [ok("data dir", `${dataDir} is not there yet; the daemon makes it`)];
  }
  if (dir instanceof Error) {
    return [
      fault("data dir", `${dataDir}: ${dir.name}`, "check its owner and modes"),
    ];
  }
  if (!dir.isDirectory) {
    return [
      fault(
        "data dir",
        `${dataDir} is not a folder`,
        "move it away, or set AGENTNET_DATA_DIR",
      ),
    ];
  }
  return [
    closed("data dir", dataDir, { info: dir, mode: 0o700 }),
    await fileFinding("key", {
      path: key,
      absent: "none yet; the daemon makes one at its first start",
      examine: (info) =>
        keyTrouble(key, {
          size: info.size,
          readText: (path) => files.readText(path),
        }),
    }, look),
    await fileFinding("token", {
      path: `${dataDir}/api.token`,
      absent: "none; no daemon runs with this data dir",
    }, look),
  ];
}

interface FileToFind {
  readonly path: string;
  readonly absent: string;
  /** What is wrong inside a plain file, or null. */
  readonly examine?: (info: Deno.FileInfo) => Promise<Finding | null>;
}

async function fileFinding(
  name: string,
  { path, absent, examine }: FileToFind,
  look: Look,
): Promise<Finding> {
  const info = await facts(look, path);
  if (info === null) return ok(name, absent);
  if (info instanceof Error) {
    return fault(name, `${path}: ${info.name}`, "check its owner and modes");
  }
  if (!info.isFile) {
    return fault(
      name,
      `${path} is not a plain file`,
      "put the right file back, or move it away",
    );
  }
  return await examine?.(info) ?? closed(name, path, { info, mode: 0o600 });
}

/** What keeps the daemon from using the key, in the words that it would use itself. */
async function keyTrouble(
  path: string,
  { size, readText }: {
    readonly size: number;
    readonly readText: FilesToExamine["readText"];
  },
): Promise<Finding | null> {
  const reason = size > MOST_KEY_BYTES
    ? "it is too large"
    : await keyReason(path, readText);
  if (reason === null) return null;
  const { message, fix } = new Failure("KEY_INVALID", {
    fields: { path, reason },
  });
  return fault("key", message, fix);
}

async function keyReason(
  path: string,
  readText: FilesToExamine["readText"],
): Promise<string | null> {
  try {
    const read = await Identity.parseKeyFile(await readText(path));
    return read.ok ? null : read.reason;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `it can't be read (${error.name})`;
  }
}

function closed(
  name: string,
  path: string,
  { info, mode }: { readonly info: Deno.FileInfo; readonly mode: number },
): Finding {
  const open = info.mode === null ? 0 : info.mode & 0o077;
  if (open === 0) return ok(name, path);
  const text = (mode & 0o777).toString(8).padStart(4, "0");
  return warning(name, `${path} is open to others`, `chmod ${text} ${path}`);
}

async function facts(
  look: Look,
  path: string,
): Promise<Deno.FileInfo | Error | null> {
  try {
    return await look(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Error) return error;
    throw error;
  }
}
