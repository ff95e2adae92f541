import { durationMs } from "../../lib/duration.ts";
import { absolutePath, inFolder } from "../../lib/host/paths.ts";
import {
  type LogSettings,
  oneOf,
  readLogSettings,
  urlOf,
  wrongSetting,
} from "../../lib/host/settings_readers.ts";
import type { BlobSettings, HistoryAccess } from "../core/settings.ts";
import { type Cidr, parseCidr } from "../shell/address.ts";
import {
  type ClusterFlags,
  type ClusterOptions,
  parseCluster,
} from "./cluster_flags.ts";
import { type BlobFlags, parseBlobs } from "./blob_flags.ts";
import { checkOpen, OPEN_DEFAULTS } from "./open_relay.ts";
import { type ListenAddress, parseListen } from "./listen_address.ts";
import { defined } from "../../lib/defined.ts";

/** The flags of `agentnet relay` as they were typed; an absent one has its default. */
export interface RelayFlags extends ClusterFlags, BlobFlags {
  readonly listen?: string | undefined;
  readonly data?: string | undefined;
  readonly history?: string | undefined;
  readonly direct?: string | undefined;
  readonly joinAge?: string | undefined;
  readonly createAge?: string | undefined;
  readonly limits?: string | undefined;
  readonly allow?: string | undefined;
  readonly deny?: string | undefined;
  /** Several CIDRs in one text are parted by commas. */
  readonly trustProxy?: string | readonly string[] | undefined;
  readonly retain?: string | undefined;
  readonly retainRows?: string | number | undefined;
  readonly roomIdle?: string | undefined;
  readonly roomEmpty?: string | undefined;
  readonly roomGrace?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly requireOrigin?: boolean | undefined;
  /** For a few agents that trust each other: no ages, no counts. */
  readonly open?: boolean | undefined;
  /** CIDRs parted by commas, or "off". */
  readonly metrics?: string | undefined;
  /** "on" or "off". */
  readonly page?: string | undefined;
  readonly logFormat?: string | undefined;
  readonly logLevel?: string | undefined;
}

/** What a relay runs with. Times in milliseconds. */
export interface RelayOptions extends ListenAddress, LogSettings {
  readonly isOpen: boolean;
  /** Absolute. */
  readonly dataDir: string;
  readonly history: HistoryAccess;
  /** Whether messages to one agent are taken. */
  readonly direct: boolean;
  /** Null where no files are kept. */
  readonly blobs: BlobSettings | null;
  readonly joinAgeMs: number;
  readonly createAgeMs: number;
  /** "default", "off", or a JSON file with some of the counts of DEFAULT_LIMITS (core/settings.ts). */
  readonly limits: string;
  readonly allowFile?: string;
  readonly denyFile?: string;
  readonly trusted: readonly Cidr[];
  readonly retainMs: number;
  readonly retainRows?: number;
  readonly roomIdleMs: number;
  readonly roomEmptyMs: number;
  readonly roomGraceMs: number;
  /** `new URL(x).href`. */
  readonly publicUrl?: string;
  readonly requireOrigin: boolean;
  /** Who may read /metrics. */
  readonly metrics: readonly Cidr[];
  /** Null for a relay by itself. */
  readonly cluster: ClusterOptions | null;
  /** Whether people may watch in a browser. */
  readonly page: boolean;
}

/**
 * Reads the flags.
 *
 * @param home the user's home folder, for the default data dir.
 * @throws Failure USAGE, with the flag named.
 */
export function parseRelayOptions(
  typed: RelayFlags,
  home: string | undefined,
): RelayOptions {
  const isOpen = typed.open ?? false;
  const flags = isOpen ? { ...OPEN_DEFAULTS, ...defined(typed) } : typed;
  const listen = parseListen(flags.listen ?? "127.0.0.1:8080");
  if (isOpen) checkOpen(flags, listen.hostname);
  const publicUrl = parsePublicUrl(flags.publicUrl);
  const retainRows = parseRows(flags.retainRows);
  return {
    ...listen,
    isOpen,
    dataDir: parseDataDir(flags.data, home),
    history: oneOf("history", flags.history ?? "public", [
      "public",
      "members",
      "off",
    ]),
    direct: oneOf("direct", flags.direct ?? "on", ["on", "off"]) === "on",
    blobs: parseBlobs(flags),
    joinAgeMs: duration("join-age", flags.joinAge ?? "60s"),
    createAgeMs: duration("create-age", flags.createAge ?? "5m"),
    limits: flags.limits ?? "default",
    trusted: parseBlocks("trust-proxy", flags.trustProxy),
    retainMs: duration("retain", flags.retain ?? "30d"),
    roomIdleMs: duration("room-idle", flags.roomIdle ?? "30d"),
    roomEmptyMs: duration("room-empty", flags.roomEmpty ?? "7d"),
    roomGraceMs: duration("room-grace", flags.roomGrace ?? "10m"),
    ...defined({
      publicUrl,
      retainRows,
      allowFile: flags.allow,
      denyFile: flags.deny,
    }),
    requireOrigin: flags.requireOrigin ?? false,
    metrics: flags.metrics === "off"
      ? []
      : parseBlocks("metrics", flags.metrics ?? LOOPBACK),
    cluster: parseCluster(flags),
    page: oneOf("page", flags.page ?? "on", ["on", "off"]) === "on",
    ...readLogSettings(flags),
  };
}

function parseDataDir(data: string | undefined, home: string | undefined) {
  if (data !== undefined && data !== "") return absolutePath(data);
  if (home === undefined) {
    throw wrongSetting("no data dir is named", "pass --data DIR");
  }
  return inFolder(inFolder(home, ".agentnet"), "relay");
}

/** `0` alone is none. */
function duration(flag: string, text: string): number {
  const ms = text === "0" ? 0 : durationMs(text, ["ms", "s", "m", "h", "d"]);
  if (ms !== null) return ms;
  throw wrongSetting(
    `--${flag} ${text} is not a duration`,
    "write it as 500ms, 60s, 10m, 2h or 30d",
  );
}

function parseRows(rows: string | number | undefined): number | undefined {
  if (rows === undefined) return undefined;
  const count = Number(rows);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw wrongSetting(
    `--retain-rows ${rows} is not a count`,
    "write a whole number above 0",
  );
}

/** Who may read /metrics unless somebody is named: this host. */
const LOOPBACK = "127.0.0.0/8,::1";

function parseBlocks(
  name: string,
  flag: RelayFlags["trustProxy"],
): Cidr[] {
  const texts = (typeof flag === "string" ? [flag] : flag ?? [])
    .flatMap((text) => text.split(",")).map((text) => text.trim());
  return texts.map((text) => {
    const cidr = parseCidr(text);
    if (cidr !== null) return cidr;
    throw wrongSetting(
      `--${name} ${text} is not a block of addresses`,
      "write it as 10.0.0.0/8 or ::1",
    );
  });
}

function parsePublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = urlOf(text, ["ws:", "wss:"]);
  if (url !== null) return url;
  throw wrongSetting(
    `--public-url ${text} is not the address of a relay`,
    "name the one that agents dial, such as wss://relay.example.org/v1/ws",
  );
}
