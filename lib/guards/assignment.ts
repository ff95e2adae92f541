import { isChosenPassword } from "./chosen_password.ts";
import { isPlaceholder, looksLikePassword, looksRandom } from "./entropy.ts";
import type { TextView } from "./text_view.ts";

/** Words of a name that promise a secret. Source: the names in vendors' own examples of .env files and HTTP headers. */
const NAME =
  /pass(?:word|wd|phrase|code|wort)?(?![a-z])|pwd(?![a-z])|secret|token|credential|(?:api|access|secret|private|auth|signing|encryption|master|account|service|shared|storage|subscription|admin|client|deploy|webhook|hmac|jwt|session|license|app|application)[-_ ]?key|authorization|bearer|(?:PASSWORD|PASSWD|SECRET|TOKEN)/gi;
/** Kinds of name whose value is a person's choice, so that a short one counts. */
const CHOSEN = /^(?:pass|pwd)/i;
/** What may follow the word in the name itself, so that `tokenType` and `secretName` are not meant. */
const SUFFIX =
  /^(?:s|[-_.]?(?:\d{1,3}|prod|production|staging|stage|dev|development|test|live|local|value|val|string|str|text|plain|raw|base64|b64|hex|old|new|primary|secondary|current|main|default|backup|access[-_]?key|key|token|secret|header|env|var|[a-z]))?$/i;
/** What stands before the word in names of things that are open to all. */
const OPEN_PREFIX =
  /(?:public|publishable|pub|page|next|prev|cursor|continuation|continue|sync|cancel|cancellation|cache|pagination|resume|scroll|design|partition|sort|foreign|primary|idempotency|csrf|xsrf|bos|eos|pad|sep|unk|num|max|min|total|prompt|completion|input|output|syntax|lex)[-_. ]?$/i;

/** From name to value: `=`, `:`, `=>`, `is`, a type, a quote that ends the name, a call, XML, `value="…"`. */
const BETWEEN =
  /(?:\\{0,3}["'`])?\]?[ \t]{0,8}(?:["'`]?,[ \t]{0,4}(?=\\{0,3}["'`])|:[ \t]?[\w.<>&|[\]]{1,24}[ \t]{1,4}=(?!=)|:=|=>|->|={1,3}|:{1,2}|>|\([ \t]?(?=["'`])|(?:[ \t"'`]|^)value=|(?:[ \t](?:(?:for|of|to|on|in|at)(?:[ \t][\w.-]{1,20}){1,3}|\([^()\n]{1,24}\)))?(?:[ \t]is(?=[: \t])|:|[ \t]=):?)[ \t]{0,8}(?:(?:Bearer|Basic|Token|SSWS|ApiKey)[ \t]{1,2})?/y;
/** From name to value with nothing but a space, as in `--password x`. */
const SPACE = /[ \t]{1,4}/y;
const VALUE =
  /[rbufRBUF]{0,2}(?:(\\{0,3}["'`]|\*\*|\|\|)([^\s"'`]{8,400})|([^\s"'`,;&<>|]{8,400}))/y;
/** What a person chose: shorter, and between quotes with spaces too. */
const CHOSEN_VALUE =
  /(?:(["'`])([^"'`\n]{6,60})\1|([^\s"'`,;&<>|()[\]{}]{6,60}))/y;
/** Values that name where the secret is kept, or are code. */
const REFERENCE =
  /^\$\{?\(?[A-Za-z_][\w.:-]*\)?\}?$|\$\{|\$\(|\{\{|%\{|^%[A-Za-z_]+%?$|^(?:process|os|env|config|settings|self|this|ctx|req|request|data|args|params|options|secrets|vars|var|local|module)\.|environ|getenv|^(?:https?|file|vault|arn|ssm|op|secretsmanager|aws-sm|gcp-sm|projects|azurekeyvault):?[:/]|^@?[./~]+\w+[/.]|^sha(?:1|256|384|512)[-:]|^[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+$|^\w*\(|::|->|=>|\w\[/;

/** A secret found in an assignment. */
export interface Assignment {
  readonly kind: string;
  /** Where the value begins, in the view. */
  readonly index: number;
}

/** Finds a word that looks random and is given to a name such as `password`, `api_key` or `token`. */
export function findAssignment(
  view: TextView,
  isOwnId: (value: string) => boolean,
): Assignment | null {
  for (const name of view.text.matchAll(NAME)) {
    const before = view.text.slice(Math.max(0, name.index - 40), name.index);
    if (/[a-z]$/.test(before) && /^[a-z]/.test(name[0])) {
      if (
        !/(?:^|[^a-z])(?:pg|my|db|x|smtp|ftp|user|admin|root|auth|access|refresh|id|api|bot|client)$/i
          .test(before)
      ) continue; // inside another word, as in "compass"
    }
    if (OPEN_PREFIX.test(before)) continue;
    const index = valueAfter(view, name.index + name[0].length, {
      chosen: CHOSEN.test(name[0]),
      flag: /(?:^|\s)--?[\w-]*$/.test(before),
      isOwnId,
    });
    if (index !== null) return { kind: kindOf(name[0]), index };
  }
  return null;
}

function kindOf(name: string): string {
  if (CHOSEN.test(name)) return "password";
  return /token|bearer|authorization/i.test(name)
    ? "token in an assignment"
    : "secret key in an assignment";
}

interface NameFacts {
  readonly chosen: boolean;
  readonly flag: boolean;
  readonly isOwnId: (value: string) => boolean;
}

/** Where the secret value begins that follows the name, or null. */
function valueAfter(
  view: TextView,
  nameEnd: number,
  facts: NameFacts,
): number | null {
  const { text } = view;
  const suffix = /^[\w.-]{0,24}/.exec(text.slice(nameEnd, nameEnd + 24))?.[0] ??
    "";
  const trimmed = suffix.replace(/[.-]+$/, "");
  if (!SUFFIX.test(trimmed)) return null;
  const from = nameEnd + trimmed.length;
  const between = matchAt(BETWEEN, text, from);
  const gap = between ?? matchAt(SPACE, text, from);
  if (gap === null) return null;
  const start = from + gap[0].length;
  if (/\w/.test(gap[0]) && hasJoint(view, from, start)) return null;
  const strong = between !== null || facts.flag;
  if (facts.chosen && strong && isChosenAt(view, from, start)) return start;
  const found = matchAt(VALUE, text, start);
  if (found === null) return null;
  const quoted = found[2] !== undefined;
  const lead = found[0].length - (found[2] ?? found[3] ?? "").length;
  const length = ownLength(view, start, found[0].length);
  const raw = text.slice(start + lead, start + length);
  const value = quoted ? raw : bare(raw);
  if (facts.isOwnId(value)) return null;
  return isSecretValue(value, { ...facts, quoted, strong }) ? start : null;
}

/** Whether a password as people choose them stands at `start`, given to the name that ends at `from`. */
function isChosenAt(view: TextView, from: number, start: number): boolean {
  const { text } = view;
  const found = matchAt(CHOSEN_VALUE, text, start);
  const value = found?.[2] ?? found?.[3];
  if (found === null || value === undefined || REFERENCE.test(value)) {
    return false;
  }
  const end = start + found[0].length;
  if (hasJoint(view, from, end)) return false;
  return isChosenPassword({
    ...{ value, quoted: found[2] !== undefined, next: text[end] ?? "" },
    tight: start - from === 1,
  });
}

/** True when lines were put together between the two positions. */
function hasJoint(view: TextView, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (view.isJoint(i)) return true;
  return false;
}

function matchAt(pattern: RegExp, text: string, at: number) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Without the punctuation of the sentence or the code around it. */
function bare(value: string): string {
  return value.replace(/[)\]}.:!?\\*]{1,8}$/, "");
}

/**
 * How much of a match belongs to the value. Where lines were put together inside it and its last part does not fill
 * its line but for a quote, that line is another statement and is cut off.
 */
function ownLength(view: TextView, start: number, length: number): number {
  const end = start + length;
  let joint = end;
  while (joint > start && !(joint < end && view.isJoint(joint))) joint--;
  const whole = joint === start || end >= view.text.length ||
    view.isJoint(end) || /^\\?["'`]/.test(view.text.slice(end, end + 2));
  return whole ? length : joint - start;
}

interface ValueFacts {
  readonly chosen: boolean;
  readonly quoted: boolean;
  /** Something binds it to the name: a sign, a word, a flag; not just a space. */
  readonly strong: boolean;
}

function isSecretValue(value: string, facts: ValueFacts): boolean {
  if (value.length < 8 || REFERENCE.test(value) || isPlaceholder(value)) {
    return false;
  }
  if (!facts.quoted && /[([{]/.test(value) && !/\d/.test(value)) return false;
  if (!facts.strong) {
    return looksRandom(value) && !/^[0-9a-fA-F-]+$/.test(value) &&
      !/[/:]/.test(value);
  }
  return facts.chosen ? looksLikePassword(value) : looksLikeToken(value);
}

/** A token is drawn by a machine; a short one must be dense. */
function looksLikeToken(value: string): boolean {
  if (value.length >= 16) return looksRandom(value);
  return value.length >= 10 && looksLikePassword(value) &&
    /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d.*\D.*\d/.test(value);
}
