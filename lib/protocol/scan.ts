import { WIRE } from "./limits.ts";

/** Why a frame's text is refused before it is parsed. */
export type ScanFault =
  | "nested too deeply"
  | "doubled key"
  | "lone surrogate"
  | "number out of range"
  | "too many values"
  | "not JSON";

/** How {@link scan} treats numbers: a relay takes whole ones only, a client reads what a newer relay may add. */
export interface ScanOptions {
  /** Refuse `-0` and whatever is not a whole number below 2^53 in magnitude. */
  readonly wholeNumbers: boolean;
  /** Strings, numbers, arrays, objects and commas that the text may hold, keys counted too; any number by default. */
  readonly values?: number;
}

/**
 * Looks over a frame's text in one pass that doesn't recurse, before anything that does touches it: nesting
 * over 32 levels, doubled keys (which `JSON.parse` hides), lone surrogates, numbers that Go and JavaScript
 * could read differently, more values than a frame has. It is not a grammar: `JSON.parse` still has the last word on that.
 *
 * @returns the fault, or null when there is none. Never throws.
 * @see protocol.md section 2
 */
export function scan(text: string, options: ScanOptions): ScanFault | null {
  return new Scanner(text, options).run();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

class Scanner {
  readonly #text: string;
  readonly #wholeNumbers: boolean;
  #at = 0;
  #left: number;
  /** Keys seen in each open object; null stands for an open array. */
  readonly #open: (Set<string> | null)[] = [];

  constructor(text: string, { wholeNumbers, values = Infinity }: ScanOptions) {
    this.#text = text;
    this.#wholeNumbers = wholeNumbers;
    this.#left = values;
  }

  run(): ScanFault | null {
    if (!this.#text.isWellFormed()) return "lone surrogate";
    while (this.#at < this.#text.length) {
      const fault = this.#step(this.#text.charCodeAt(this.#at));
      if (fault !== null) return fault;
      if (this.#left < 0) return "too many values";
    }
    return null;
  }

  #step(unit: number): ScanFault | null {
    switch (unit) {
      case QUOTE:
        this.#left--;
        return this.#string();
      case 0x7b: // {
        return this.#openLevel(new Set());
      case 0x5b: // [
        return this.#openLevel(null);
      case 0x7d: // }
      case 0x5d: // ]
        this.#open.pop();
        this.#at++;
        return null;
      default:
        return isNumberStart(unit) ? this.#number() : this.#skip(unit);
    }
  }

  /** What is no value and opens none; a comma stands for the value behind it, whatever that is. */
  #skip(unit: number): null {
    if (unit === COMMA) this.#left--;
    this.#at++;
    return null;
  }

  #openLevel(keys: Set<string> | null): ScanFault | null {
    if (this.#open.length >= WIRE.nesting) return "nested too deeply";
    this.#left--;
    this.#open.push(keys);
    this.#at++;
    return null;
  }

  #string(): ScanFault | null {
    const start = this.#at;
    let escaped = false;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit === QUOTE) {
        this.#at++;
        return this.#endString(start, escaped);
      }
      if (unit === BACKSLASH) {
        escaped = true;
        this.#at++;
      }
    }
    return "not JSON";
  }

  #endString(start: number, escaped: boolean): ScanFault | null {
    const keys = this.#open.at(-1);
    const isKey = keys != null && this.#nextIsColon();
    if (!escaped && !isKey) return null;
    const lexeme = this.#text.slice(start, this.#at);
    const value = escaped ? unescaped(lexeme) : lexeme.slice(1, -1);
    if (value === null) return "not JSON";
    if (escaped && !value.isWellFormed()) return "lone surrogate";
    if (!isKey) return null;
    if (keys.has(value)) return "doubled key";
    keys.add(value);
    return null;
  }

  #nextIsColon(): boolean {
    let at = this.#at;
    while (isSpace(this.#text.charCodeAt(at))) at++;
    return this.#text.charCodeAt(at) === COLON;
  }

  #number(): ScanFault | null {
    const start = this.#at;
    while (isNumberPart(this.#text.charCodeAt(this.#at))) this.#at++;
    if (!this.#wholeNumbers) return null;
    const value = Number(this.#text.slice(start, this.#at));
    const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
    return whole ? null : "number out of range";
  }
}

function unescaped(lexeme: string): string | null {
  try {
    return JSON.parse(lexeme) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function isNumberStart(unit: number): boolean {
  return unit === 0x2d || (unit >= 0x30 && unit <= 0x39);
}

function isNumberPart(unit: number): boolean {
  return isNumberStart(unit) || unit === 0x2b || unit === 0x2e ||
    unit === 0x65 || unit === 0x45;
}
