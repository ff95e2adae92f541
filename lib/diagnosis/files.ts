import { fault, type Finding, ok, warning } from "./finding.ts";

/** Looks at a path, links not followed; rejects with errors of `Deno.errors`. */
export type Look = (path: string) => Promise<Deno.FileInfo>;

/** The data dir and the files in it: there, ours alone, of the right kind. The key itself is not read. */
export async function fileFindings(
  dataDir: string,
  look: Look,
): Promise<Finding[]> {
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
      path: `${dataDir}/agent.key`,
      absent: "none yet; the daemon makes one at its first start",
    }, look),
    await fileFinding("token", {
      path: `${dataDir}/api.token`,
      absent: "none; no daemon runs with this data dir",
    }, look),
  ];
}

async function fileFinding(
  name: string,
  { path, absent }: { readonly path: string; readonly absent: string },
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
  return closed(name, path, { info, mode: 0o600 });
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
