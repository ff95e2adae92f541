import { durationMs } from "../../lib/duration.ts";
import { oneOf, wrongSetting } from "../../lib/host/settings_readers.ts";
import { BLOB } from "../../lib/blobs/blob_limits.ts";
import type { BlobSettings } from "../core/settings.ts";

/** The flags of files as they were typed. */
export interface BlobFlags {
  /** "on" or "off". */
  readonly blobs?: string | undefined;
  readonly blobSize?: string | undefined;
  readonly blobKeep?: string | undefined;
  readonly blobAgent?: string | undefined;
  readonly blobRoom?: string | undefined;
  readonly blobTotal?: string | undefined;
}

/** Agents' worth of files that may come from one address. */
const AGENTS_AN_ADDRESS = 4;
const MB = 2 ** 20;
/** What no flag may ask for more than: bytes, milliseconds. */
const MOST_SIZE = 1024 * MB;
const MOST_KEPT_MS = 366 * 24 * 3_600_000;

/**
 * Reads how files are kept; null where none are.
 *
 * @throws Failure USAGE, with the flag named.
 */
export function parseBlobs(flags: BlobFlags): BlobSettings | null {
  const isOn = oneOf("blobs", flags.blobs ?? "on", ["on", "off"]) === "on";
  const agentBytes = size("blob-agent", flags.blobAgent) ?? 256 * MB;
  const settings: BlobSettings = {
    bytes: size("blob-size", flags.blobSize) ?? BLOB.bytes,
    keptMs: kept(flags.blobKeep) ?? BLOB.keptMs,
    agentBytes,
    roomBytes: size("blob-room", flags.blobRoom) ?? 512 * MB,
    addressBytes: AGENTS_AN_ADDRESS * agentBytes,
    totalBytes: size("blob-total", flags.blobTotal) ?? 4096 * MB,
  };
  if (settings.bytes > MOST_SIZE) {
    throw wrongSetting(
      `--blob-size ${flags.blobSize} is more than 1GB`,
      "name at most 1GB",
    );
  }
  return isOn ? settings : null;
}

function kept(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = durationMs(text, ["m", "h", "d"]);
  if (ms !== null && ms > 0 && ms <= MOST_KEPT_MS) return ms;
  throw wrongSetting(
    `--blob-keep ${text} is no time for which files can be kept`,
    "write it as 30m, 12h or 7d, at most 366d",
  );
}

const UNITS: Readonly<Record<string, number>> = {
  KB: 2 ** 10,
  MB,
  GB: 2 ** 30,
};

function size(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count = "", unit = ""] = /^(\d{1,6})(KB|MB|GB)$/i.exec(text) ?? [];
  const bytes = Number(count) * (UNITS[unit.toUpperCase()] ?? 0);
  if (bytes > 0) return bytes;
  throw wrongSetting(
    `--${flag} ${text} is not a size`,
    "write it as 512KB, 16MB or 4GB",
  );
}
