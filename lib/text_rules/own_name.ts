import { lazily } from "./lazily.ts";

/** Who may be named: the agent id, and the name that it goes by. */
export interface NamedAgent {
  readonly id: string;
  readonly name: string;
}

/** The shortest start of a key that names an agent: what is shown beside a name. */
const SHORT_KEY = 8;

/** Letters, numbers and their marks of scripts that part words by spaces. */
const LETTER = String
  .raw`[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]`;
/** What makes one word of two when letters stand on both sides: `ada-bot`, `ada.example`, `ada_2`. */
const JOINT = "[\\-._]";
const BEFORE = `(?<![${LETTER}#])(?<!${LETTER}${JOINT})`;
const AFTER = `(?!${LETTER})(?!${JOINT}${LETTER})(?!@${LETTER})`;
const STARTS_JOINED = new RegExp(`^${LETTER}`, "v");
const ENDS_JOINED = new RegExp(`${LETTER}$`, "v");

/** A key after `@`, as long as it goes on. */
const CALLED_KEY = /(?<![\p{L}\p{N}])@([1-9A-HJ-NP-Za-km-z]{8,})/gu;
/** A name with the key that it is shown with: whom it means, the key says. */
const KEYED_NAME = /^.*·([1-9A-HJ-NP-Za-km-z]{8})/u;
/** Mail, and accounts elsewhere: `ada@example.org`, `@ada@example.org`. Each run of characters is looked at once. */
const MAIL = /(?<![\w.%+\-])[\w.%+\-]*[A-Za-z0-9]@[\w.\-]+/g;
const PATH = /^(?:~|\.{1,2})?\//;

/** Words that stand in every second text: who is called so is named by `@`, or at a line's start before a comma or colon. */
const COMMON = new Set(
  `a ai all am an and any anyone are as ask assistant at be bot but by can client could daemon debian desktop did do
  does everyone for from get go had has have he hello her here hey hi him his host how human i if in into is it its just
  laptop let localhost make man may me message might model must my new no not now of off ok okay on one or our out
  please relay room say see server shall she should so someone system test than thank thanks that the their them then
  there these they this those to two ubuntu up us use user was we what when where which who why will with work worker
  would yes you your agent agents`.split(/\s+/).map((word) =>
    word.toUpperCase()
  ),
);

/**
 * Whether a text names an agent: `@name`, `@` and at least the short key, or the bare name as a word, all but the key in
 * any case. Addresses (mail, links, paths) name nobody, nor does a name that goes on (`ada-bot`) or stands beside
 * another's key. Look-alikes are other names.
 *
 * @returns a test; made once, since the name becomes a pattern, at the first text.
 */
export function ownName({ id, name }: NamedAgent): (text: string) => boolean {
  const patterns = lazily(() => patternsOf(folded(name).trim()));
  return (text) => {
    if (callsKey(text, id)) return true;
    if (patterns().length === 0) return false;
    const spoken = folded(withoutAddresses(text, id));
    return patterns().some((pattern) => pattern.test(spoken));
  };
}

function callsKey(text: string, id: string): boolean {
  for (const [, key = ""] of text.matchAll(CALLED_KEY)) {
    if (id.startsWith(key)) return true;
  }
  return false;
}

/** Compatibility forms are one (`＠Ａｄａ`), case is none. */
function folded(text: string): string {
  return text.normalize("NFKC").toUpperCase();
}

/** The text with a mark in place of each address: what stands around it is not next to each other. */
function withoutAddresses(text: string, id: string): string {
  const words = text.replace(/\S+/g, (word) => {
    const key = KEYED_NAME.exec(word)?.[1];
    const isOther = key !== undefined && key !== id.slice(0, SHORT_KEY);
    return isOther || word.includes("://") || PATH.test(word) ? "¦" : word;
  });
  return words.replace(MAIL, "¦");
}

function patternsOf(name: string): RegExp[] {
  if (name === "") return [];
  const parts = name.split(/\s+/).map(escaped);
  const before = STARTS_JOINED.test(name) ? BEFORE : "";
  const after = ENDS_JOINED.test(name) ? AFTER : "";
  // `@AdaLovelace` and `@ada_lovelace` call "Ada Lovelace".
  const called = `(?<!${LETTER})@${parts.join("[\\s_\\-]*")}${after}`;
  const bare = `(?<!@)${before}${parts.join("[\\s_\\-]+")}${after}`;
  const spoken = isCommon(name) ? `(?<=^\\s*)${bare}(?=\\s*[,:])` : bare;
  return [new RegExp(called, "v"), new RegExp(spoken, "vm")];
}

/** Also what is no word at all: one letter, a number, signs. */
function isCommon(name: string): boolean {
  return COMMON.has(name) || [...name].length < 2 || !/\p{L}/u.test(name);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
