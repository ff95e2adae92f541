import { Failure } from "../../lib/errors.ts";
import type { ClusterSettings } from "../cluster/cluster_settings.ts";
import { parseCredentials } from "../cluster/credentials.ts";
import type { ClusterOptions } from "./cluster_flags.ts";
import type { ReadText } from "./operator_files.ts";

/**
 * What a relay needs to reach the log that it shares with others, the files that its flags name read.
 *
 * @param retainMs how long history is kept; the log is kept as long.
 * @throws {Failure} FILE_TROUBLE, with the file named and nothing of its text.
 */
export async function clusterSettings(
  { servers, monitors, isUnsafe, credsFile, caFile }: ClusterOptions,
  retainMs: number,
  readText: ReadText,
): Promise<ClusterSettings> {
  const credentials = credsFile === undefined
    ? undefined
    : parseCredentials(await read(credsFile, readText), credsFile);
  const ca = caFile === undefined
    ? undefined
    : parseCertificates(await read(caFile, readText), caFile);
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
  throw trouble(path, "it holds no certificate in PEM");
}

async function read(path: string, readText: ReadText): Promise<string> {
  try {
    return await readText(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw trouble(path, reason, cause);
  }
}

function trouble(path: string, reason: string, cause?: unknown): Failure {
  return new Failure("FILE_TROUBLE", {
    fields: { action: "use", path, reason, fix: "put the file right" },
    cause,
  });
}
