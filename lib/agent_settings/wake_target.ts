import { defined } from "../defined.ts";
import { WAKE_POLICIES, type WakePolicy } from "../local_api/wake_policy.ts";

/** The agent programs that take a wake by HTTP. */
export const TARGET_PROGRAMS = ["openclaw", "opencode"] as const;
export type TargetProgram = typeof TARGET_PROGRAMS[number];

/** Where the daemon posts a wake: an agent program on this host. */
export interface WakeTarget {
  readonly program: TargetProgram;
  /** `http://` to loopback, by address: OpenClaw's hook itself, OpenCode's server. */
  readonly url: string;
  /** Absolute path of the file whose first line is OpenClaw's token, OpenCode's password. */
  readonly token_file?: string;
  /** OpenCode's session; the one that was used last without it. */
  readonly session?: string;
  /** Whose messages wake there; as the other settings say without it. */
  readonly wake?: WakePolicy;
}

/** Targets that an agent may have. */
const MOST_TARGETS = 4;
const LONGEST = { url: 300, path: 1_000 } as const;

const FIELDS = ["program", "url", "token_file", "session", "wake"] as const;

/**
 * Reads a list of targets.
 *
 * @returns null for one that can't be used: a field too many, an address that is not loopback.
 */
export function parseWakeTargets(value: unknown): WakeTarget[] | null {
  if (!Array.isArray(value) || value.length > MOST_TARGETS) return null;
  const read = value.map(parseTarget);
  const targets = read.flatMap((one) => one === null ? [] : [one]);
  return targets.length === value.length ? targets : null;
}

function parseTarget(value: unknown): WakeTarget | null {
  if (typeof value !== "object" || value === null) return null;
  const given: Partial<Record<string, unknown>> = { ...value };
  const isKnown = Object.keys(given).every((key) =>
    (FIELDS as readonly string[]).includes(key)
  );
  const program = TARGET_PROGRAMS.find((one) => one === given.program);
  const url = loopbackUrl(given.url);
  if (!isKnown || program === undefined || url === null) return null;
  const { token_file, session, wake } = given;
  const chosen = WAKE_POLICIES.find((one) => one === wake);
  const isSound = (token_file === undefined || isPath(token_file)) &&
    (session === undefined || program === "opencode" && isSessionId(session)) &&
    (wake === undefined || chosen !== undefined);
  if (!isSound) return null;
  return {
    ...{ program, url },
    ...defined({
      token_file: token_file as string | undefined,
      session: session as string | undefined,
      wake: chosen,
    }),
  };
}

/** The address without a name that others could turn elsewhere, a password or a query; null for any other. */
function loopbackUrl(value: unknown): string | null {
  if (typeof value !== "string" || value.length > LONGEST.url) return null;
  if (!URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.hostname === "localhost") url.hostname = "127.0.0.1";
  const isLoopback = /^127(?:\.\d{1,3}){3}$/.test(url.hostname) ||
    url.hostname === "[::1]";
  const isPlain = url.protocol === "http:" && url.username === "" &&
    url.password === "" && url.search === "" && url.hash === "" &&
    url.port !== "0";
  return isLoopback && isPlain ? url.href : null;
}

function isPath(value: unknown): boolean {
  return typeof value === "string" && value.length <= LONGEST.path &&
    (value.startsWith("/") || /^[A-Za-z]:[\\/]/.test(value)) &&
    !value.includes("\0");
}

/** A session of OpenCode, as it stands in a path. */
export function isSessionId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9_-]{1,128}$/.test(value);
}
