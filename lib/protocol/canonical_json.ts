/** Any value that `JSON.parse` can return. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** Names and most values have none of what a writer of JSON may change. */
const NEEDS_A_LOOK = /[^ !#-%'-;=?-[\]-~]/;
const NEEDS_GO_ESCAPE = /[<>&\u2028\u2029\b\f]/;
const GO_ESCAPES = [
  ["<", "\\u003c"],
  [">", "\\u003e"],
  ["&", "\\u0026"],
  ["\u2028", "\\u2028"],
  ["\u2029", "\\u2029"],
] as const;
const LONG_ESCAPES = [["\\b", "\\u0008"], ["\\f", "\\u000c"]] as const;
const BACKSLASH = "\\\\";
const LONG_ESCAPED = /[\b\f]/;
const SURROGATE = /[\ud800-\udfff]/;

/**
 * The canonical JSON of a value: the bytes that every AgentNet signature covers.
 *
 * Keys sorted by code point, no white space, leaves as Go's `encoding/json` writes them. Fields whose
 * value is `undefined` are left out, as `JSON.stringify` does.
 *
 * @throws {TypeError} for what JSON can't hold: NaN, infinities, bigint, functions, symbols.
 * @see protocol.md section 2
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value !== "object") {
    throw new TypeError(`canonical JSON can't hold a ${typeof value}`);
  }
  return isArray(value) ? canonicalArray(value) : canonicalObject(value);
}

function isArray(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function canonicalArray(items: readonly JsonValue[]): string {
  let out = "[";
  for (let i = 0; i < items.length; i++) {
    if (i > 0) out += ",";
    out += canonicalJson(items[i] ?? null);
  }
  return out + "]";
}

function canonicalObject(
  object: { readonly [key: string]: JsonValue | undefined },
): string {
  const keys = Object.keys(object);
  if (keys.some((key) => SURROGATE.test(key))) {
    const fields = wellFormed(object, keys);
    const names = [...fields.keys()].sort(compareCodePoints);
    return canonicalFields(names, (name) => fields.get(name));
  }
  return canonicalFields(keys.sort(), (key) => object[key]);
}

function canonicalFields(
  names: readonly string[],
  valueOf: (name: string) => JsonValue | undefined,
): string {
  let out = "{";
  for (const name of names) {
    const value = valueOf(name);
    if (value === undefined) continue;
    if (out.length > 1) out += ",";
    out += canonicalString(name) + ":" + canonicalJson(value);
  }
  return out + "}";
}

/** Go reads a lone surrogate as U+FFFD, in keys too; of two keys that become the same the last one stays. */
function wellFormed(
  object: { readonly [key: string]: JsonValue | undefined },
  keys: readonly string[],
): ReadonlyMap<string, JsonValue | undefined> {
  const byName = new Map<string, JsonValue | undefined>();
  for (const key of keys) byName.set(key.toWellFormed(), object[key]);
  return byName;
}

/**
 * Orders two well-formed strings by code point, which is also the order of their UTF-8 bytes.
 * JavaScript's own `<` goes by UTF-16 unit and puts an emoji before U+FF5E.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** A surrogate stands for a code point above U+FFFF, so it ranks after every other unit. */
function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function canonicalString(text: string): string {
  if (!NEEDS_A_LOOK.test(text)) return '"' + text + '"';
  const json = JSON.stringify(text.toWellFormed());
  if (!NEEDS_GO_ESCAPE.test(text)) return json;
  const escaped = replaced(json, GO_ESCAPES);
  if (!LONG_ESCAPED.test(text)) return escaped;
  // `\b` and `\f` take the long form that Go wrote before 1.22; an escaped backslash must not start one.
  return escaped.split(BACKSLASH).map((part) => replaced(part, LONG_ESCAPES))
    .join(BACKSLASH);
}

/** By whole texts: a function called for each of 60,000 characters takes fifty times as long. */
function replaced(
  text: string,
  pairs: readonly (readonly [string, string])[],
): string {
  let out = text;
  for (const [from, to] of pairs) out = out.replaceAll(from, to);
  return out;
}

/** Go and JavaScript agree on the shortest digits and on where the exponent begins; only `-0` differs. */
function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new TypeError(`canonical JSON can't hold ${value}`);
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
