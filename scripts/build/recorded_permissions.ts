/** The permissions that `deno compile` recorded in a file; `null` means none, `[]` all, a list just those. */
export interface RecordedPermissions {
  readonly [flag: string]: readonly string[] | boolean | null;
}

/** What a compiled file records of itself, as far as it is looked at. */
export interface RecordedMetadata {
  readonly permissions: RecordedPermissions;
  readonly unstable_config: { readonly features: readonly string[] };
  readonly argv: readonly string[];
}

const decoder = new TextDecoder("latin1");

/**
 * Finds the metadata that a compiled file carries: the one JSON object in it that holds `"permissions"` and
 * `"entrypoint_key"`. Works on any base, so also on one that can't be run here.
 *
 * @throws when there is none.
 */
export function recordedMetadata(file: Uint8Array): RecordedMetadata {
  const text = decoder.decode(file);
  for (
    let at = text.lastIndexOf('"permissions":{');
    at >= 0;
    at = text.lastIndexOf('"permissions":{', at - 1)
  ) {
    const found = enclosingObject(text, at);
    if (found !== null && "entrypoint_key" in found) {
      return found as unknown as RecordedMetadata;
    }
  }
  throw new Error("the file holds no metadata of deno compile");
}

/** Longest way back from the key to the brace that opens the metadata, in bytes. */
const REACH = 200_000;

function enclosingObject(
  text: string,
  at: number,
): Record<string, unknown> | null {
  for (
    let start = text.lastIndexOf("{", at - 1);
    start >= 0 && at - start < REACH;
    start = text.lastIndexOf("{", start - 1)
  ) {
    const end = matchingBrace(text, start);
    if (end <= at) continue;
    const value = parseObject(text.slice(start, end));
    if (value !== null) return value;
  }
  return null;
}

function matchingBrace(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length && i - start < 2 * REACH; i++) {
    const c = text[i];
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === "{") depth++;
    else if (!quoted && c === "}" && --depth === 0) return i + 1;
  }
  return -1;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
