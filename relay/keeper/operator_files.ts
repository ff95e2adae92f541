import { isAgentId } from "../../lib/protocol/agent_id.ts";
import {
  type CoreSettings,
  DEFAULT_LIMITS,
  type LimitSettings,
  NO_LIMITS,
} from "../core/settings.ts";
import { namedTrouble, readNamed, type ReadText } from "./named_file.ts";
import type { RelayOptions } from "./relay_settings.ts";

/** Largest count of a --limits file; --limits off lifts them all. */
const MOST_COUNT = 1_000_000_000_000;

/** Reads `--allow` and `--deny`: an agent id a line, `#` begins a comment. Throws a Failure that names the line. */
export async function readAdmission(
  options: Pick<RelayOptions, "allowFile" | "denyFile">,
  readText: ReadText,
): Promise<Pick<CoreSettings, "allow" | "deny">> {
  const { allowFile, denyFile } = options;
  const deny = denyFile === undefined
    ? new Set<string>()
    : await readIds(denyFile, readText);
  if (allowFile === undefined) return { deny };
  return { deny, allow: await readIds(allowFile, readText) };
}

/** What `--limits` asks for. Throws a Failure that names the file and what is wrong in it. */
export async function readLimits(
  limits: string,
  readText: ReadText,
): Promise<LimitSettings> {
  if (limits === "default") return DEFAULT_LIMITS;
  if (limits === "off") return NO_LIMITS;
  const text = await readNamed(limits, readText);
  return { ...DEFAULT_LIMITS, ...parseLimits(text, limits) };
}

async function readIds(
  path: string,
  readText: ReadText,
): Promise<Set<string>> {
  const ids = new Set<string>();
  for (
    const [i, line] of (await readNamed(path, readText)).split("\n").entries()
  ) {
    const id = line.replace(/#.*/, "").trim();
    if (id === "") continue;
    if (!isAgentId(id)) {
      throw namedTrouble(path, `line ${i + 1} is not an agent's id`);
    }
    ids.add(id);
  }
  return ids;
}

function parseLimits(text: string, path: string): Partial<LimitSettings> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw namedTrouble(path, `it is not JSON${placeOf(cause)}`, cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw namedTrouble(path, "it is not a JSON object");
  }
  for (const [name, count] of Object.entries(value)) {
    const rule = brokenRule(name, count);
    if (rule !== null) {
      throw namedTrouble(path, `line ${lineOf(name, text)}: ${rule}`);
    }
  }
  return value as Partial<LimitSettings>;
}

/** The rule that a count breaks, or null. */
function brokenRule(name: string, count: unknown): string | null {
  if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
    const names = Object.keys(DEFAULT_LIMITS).join(", ");
    return `${JSON.stringify(name.slice(0, 64))} is none of ${names}`;
  }
  const isCount = typeof count === "number" && Number.isSafeInteger(count) &&
    count >= 1 && count <= MOST_COUNT;
  return isCount
    ? null
    : `${name} must be a whole number from 1 to ${MOST_COUNT}`;
}

/** The line that names the key first, from 1. */
function lineOf(name: string, text: string): number {
  const at = text.indexOf(JSON.stringify(name));
  return text.slice(0, Math.max(0, at)).split("\n").length;
}

/** The engine ends its words with "(line 3 column 5)" where it knows the place. */
function placeOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : "";
  const [, line] = /line (\d+)/.exec(said) ?? [];
  return line === undefined ? "" : `: line ${line}`;
}
