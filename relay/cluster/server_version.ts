/** The least version of nats-server: earlier ones have no setting that syncs each write. */
const LEAST = [2, 10] as const;
/** What is asked for. */
const ASKED = [2, 12] as const;

/** Judges a server's version as it says it, "2.12.1" or "2.12.1-beta". */
export function judgeVersion(version: string): "good" | "old" | "too_old" {
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const found = [Number(major), Number(minor)] as const;
  if (isBelow(found, LEAST)) return "too_old";
  return isBelow(found, ASKED) ? "old" : "good";
}

type Pair = readonly [number, number];

function isBelow([major, minor]: Pair, [least, atLeast]: Pair): boolean {
  return major < least || (major === least && minor < atLeast);
}
