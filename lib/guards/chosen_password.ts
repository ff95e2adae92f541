import { isPlaceholder } from "./entropy.ts";

/** What a person gave a name such as `password`: in quotes with anything in them, or up to the next space or sign. */
export interface GivenValue {
  readonly value: string;
  readonly quoted: boolean;
  /** Nothing but the sign stands between name and value: `password=x`. */
  readonly tight: boolean;
  /** What follows the value at once, one character. */
  readonly next: string;
}

/** Types and algorithms that end in digits. */
const TYPE =
  /^(?:u?int|float|double|utf|u?char|varchar|string|str|bytes?|sha|md|base|oauth|argon|pbkdf|bcrypt|hash|http|ipv|v|vec|i|u|f)-?\d+/i;
/** A name of code: words joined by `_`, or an upper-case name of the environment. */
const NAME_OF_CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^[a-z]+(?:_[a-z]+)+\d?$/;
/** What stands behind a name of code and never behind a password that no quotes hold. */
const CODE_FOLLOWS = /[,()[\].]/;
/** Longest that people type. */
const LONGEST = 40;

/**
 * True for what a person would choose: six characters or more with a letter and a digit, as `hunter2`; or a few words
 * of which most have digits or signs inside. Names of code that end in a digit look the same: without quotes the value
 * has to stand close to its sign, or hold two digits.
 */
export function isChosenPassword(given: GivenValue): boolean {
  const { value } = given;
  if (value.length < 6 || value.length > LONGEST) return false;
  if (isPlaceholder(value)) return false;
  if (/\s/.test(value)) return given.quoted && isPhrase(value);
  if (!/[A-Za-z]/.test(value) || !/\d/.test(value)) return false;
  if (TYPE.test(value) || NAME_OF_CODE.test(value)) return false;
  if (given.quoted) return !/[/\\:]/.test(value);
  if (CODE_FOLLOWS.test(given.next) || !/^[\w!#%*+?@^~-]+$/.test(value)) {
    return false;
  }
  return given.tight || /\d.*\d/.test(value);
}

/** Two to four words, of which most are none: `p@ss W0rd!23`. */
function isPhrase(text: string): boolean {
  const words = text.trim().split(/\s+/);
  const odd = words.filter((word) =>
    /[A-Za-z]/.test(word) &&
    /[\d@$!#%^&*]/.test(word.replace(/[.,:;!?]+$/, "").slice(1))
  );
  return words.length <= 4 && words.length > 1 &&
    odd.length > words.length / 2;
}
