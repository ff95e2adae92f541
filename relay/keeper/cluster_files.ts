import type { ClusterSettings } from "../cluster/cluster_settings.ts";
import { parseCredentials } from "../cluster/credentials.ts";
import type { ClusterOptions } from "./cluster_flags.ts";
import {
  namedTrouble,
  readNamed,
  readNamedSecret,
  type ReadText,
  type ReadWithMode,
} from "./named_file.ts";

/** How the files are read. */
export interface ClusterReads {
  readonly readText: ReadText;
  readonly readWithMode: ReadWithMode;
}

/**
 * What a relay needs to reach the log that it shares with others, the files that its flags name read.
 *
 * @param retainMs how long history is kept; the log is kept as long.
 * @throws {Failure} FILE_TROUBLE, SECRET_OPEN, with the file named and nothing of its text.
 */
export async function clusterSettings(
  { servers, monitors, isUnsafe, credsFile, caFile }: ClusterOptions,
  retainMs: number,
  { readText, readWithMode }: ClusterReads,
): Promise<ClusterSettings> {
  const credentials = credsFile === undefined ? undefined : parseCredentials(
    await readNamedSecret(credsFile, readWithMode),
    credsFile,
  );
  const ca = caFile === undefined
    ? undefined
    : parseCertificates(await readNamed(caFile, readText), caFile);
  return {
    servers,
    monitors,
    isUnsafe,
    keepMs: retainMs,
    ...(credentials === undefined ? {} : { credentials }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function parseCertificates(text: string, path: string): string {
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw namedTrouble(path, "it holds no certificate in PEM");
}
