import { findAssignment } from "./assignment.ts";
import { base64Views } from "./base64_views.ts";
import { isPlaceholder } from "./entropy.ts";
import { indexOfOwnKey, indexOfToken, type OwnSecrets } from "./own_secrets.ts";
import { PASTED_RULES } from "./pasted_rules.ts";
import { SECRET_RULES, type SecretRule } from "./secret_rules.ts";
import { SERVICE_RULES } from "./service_rules.ts";
import { findSeedPhrase } from "./seed_phrase.ts";
import { joinedView, plainView, type TextView } from "./text_view.ts";
import { findLogin } from "./url_password.ts";

export type { OwnSecrets } from "./own_secrets.ts";

const RULES: readonly SecretRule[] = [
  ...SECRET_RULES,
  ...PASTED_RULES,
  ...SERVICE_RULES,
];

/** A secret in a text. Never holds the secret itself: it is shown and logged. */
export interface SecretFinding {
  /** What it looks like, such as "AWS access key". */
  readonly kind: string;
  /** Where it begins: "line 3, column 14", both counted from 1. */
  readonly place: string;
}

/** Where a rule found something, in the view that it looked at. */
interface Hit {
  readonly kind: string;
  readonly index: number;
}

/**
 * Finds a secret in a text that is about to leave: known key shapes, logins in addresses, random words given to names
 * such as `password`, this agent's own key and API token; also split over lines, and inside one layer of base64.
 * Takes time in proportion to the text's length.
 *
 * @returns the first one found, or null. A guard against accidents: whoever wants to hide a secret from it can.
 */
export function findSecret(
  text: string,
  own: OwnSecrets,
): SecretFinding | null {
  const views = [plainView(text), joinedView(text)];
  for (const view of views) {
    const hit = view && findIn(view, { own, words: true });
    if (hit) return finding(hit, { view, text });
  }
  for (const view of views) {
    if (view) {
      const found = findInBase64(view, { own, text });
      if (found) return found;
    }
  }
  return null;
}

/**
 * The same at a tenth of the time, for what is too long for all of it: keys of a known shape and our own, as they stand,
 * neither split over lines nor in base64, and no words given to names.
 */
export function findKeyShape(
  text: string,
  own: OwnSecrets,
): SecretFinding | null {
  const view = plainView(text);
  const hit = findIn(view, { own, words: false });
  return hit && finding(hit, { view, text });
}

function findInBase64(
  outer: TextView,
  { own, text }: { own: OwnSecrets; text: string },
): SecretFinding | null {
  for (const view of base64Views(outer)) {
    const joined = view.readable ? joinedView(view.text) : null;
    const hit = findIn(view, { own, words: view.readable }) ??
      (joined && findIn(joined, { own, words: true }));
    if (hit) {
      const { kind, place } = finding({ ...hit, index: 0 }, { view, text });
      return { kind, place: `${place}, in base64` };
    }
  }
  return null;
}

function finding(
  hit: Hit,
  { view, text }: { view: TextView; text: string },
): SecretFinding {
  return { kind: hit.kind, place: placeOf(text, view.origin(hit.index)) };
}

/** Line and column, counted from 1, in characters as a reader counts them. */
function placeOf(text: string, index: number): string {
  const before = text.slice(0, index).split(/\r\n|\n|\r/);
  const column = [...before.at(-1) ?? ""].length + 1;
  return `line ${before.length}, column ${column}`;
}

function findIn(
  view: TextView,
  { own, words }: { own: OwnSecrets; words: boolean },
): Hit | null {
  const { text } = view;
  const key = indexOfOwnKey(text, own);
  if (key >= 0) return { kind: "this agent's own key", index: key };
  const token = indexOfToken(text, own);
  if (token >= 0) return { kind: "the local API's token", index: token };
  for (const rule of RULES) {
    const index = indexOfRule(rule, view);
    if (index !== null) return { kind: rule.kind, index };
  }
  if (!words) return null;
  const login = findLogin(text);
  if (login !== null) return { kind: "address with a password", index: login };
  const seed = findSeedPhrase(text);
  if (seed !== null) return { kind: "wallet recovery phrase", index: seed };
  return findAssignment(view, (value) => value === own.agentId);
}

/** Where a rule's shape stands on its own and is no placeholder, or null. */
function indexOfRule(rule: SecretRule, view: TextView): number | null {
  const { text } = view;
  const { hints, context, shape, accept } = rule;
  if (hints.length > 0 && !hints.some((hint) => text.includes(hint))) {
    return null;
  }
  if (context && !context.test(text)) return null;
  const pattern = new RegExp(shape.source, shape.flags + "g");
  for (let m = pattern.exec(text); m !== null; m = pattern.exec(text)) {
    const end = m.index + (rule.begins ? 0 : m[0].length);
    const whole = m[1] ?? m[0];
    const holds = [whole, ...withoutNextWord(view, m, shape)].some((value) =>
      !isMadeUp(rule.kind, value) && (accept?.(value) ?? true)
    );
    const isAlone = (rule.touched || startsAlone(view, m.index)) &&
      endsAlone(view, m.index, end);
    if (holds && isAlone) return m.index;
    pattern.lastIndex = m.index + 1;
  }
  return null;
}

/**
 * The match up to the last place where lines were put together, if that much has the shape too: the word that follows
 * a secret on the next line must not make a placeholder of it.
 */
function withoutNextWord(
  view: TextView,
  match: RegExpExecArray,
  shape: RegExp,
): string[] {
  let length = match[0].length - 1;
  while (length > 0 && !view.isJoint(match.index + length)) length--;
  const cut = match[0].slice(0, length);
  const again = new RegExp(`^(?:${shape.source})$`, shape.flags).exec(cut);
  return again ? [again[1] ?? cut] : [];
}

/** An example's placeholder. AWS's documented pair ends in EXAMPLE, has the full shape, and is held all the same. */
function isMadeUp(kind: string, value: string): boolean {
  return !kind.startsWith("AWS") && isPlaceholder(value);
}

/** No letter or digit touches it from before, or one that was on another line. */
function startsAlone({ text, isJoint }: TextView, start: number): boolean {
  const before = text.slice(Math.max(0, start - 3), start);
  return isJoint(start) || !/[A-Za-z0-9]$/.test(before) ||
    /%[0-9A-Fa-f]{2}$|\\[nrt]$/.test(before);
}

/** The same from behind. With `end` at `start` what follows may touch. */
function endsAlone(
  { text, isJoint }: TextView,
  start: number,
  end: number,
): boolean {
  if (end === start || !/[A-Za-z0-9]/.test(text[end] ?? "")) return true;
  for (let i = start + 1; i <= end; i++) if (isJoint(i)) return true;
  return false;
}
