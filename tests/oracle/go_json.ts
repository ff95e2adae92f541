/**
 * A slow, plain restatement of what Go's `encoding/json` writes for a value that was unmarshalled into `any` and
 * marshalled again, by which `canonicalJson` is checked. It shares no code with it and favours being obvious.
 */
export function goJson(value: unknown): string {
  if (value === null) return "null";
  if (value === true) return "true";
  if (value === false) return "false";
  if (typeof value === "number") return goNumber(value);
  if (typeof value === "string") return goString(value);
  if (Array.isArray(value)) return "[" + value.map(goJson).join(",") + "]";
  return goMap(value as Record<string, unknown>);
}

function goMap(map: Record<string, unknown>): string {
  const entries = new Map<string, unknown>();
  for (const key of Object.keys(map)) entries.set(goText(key), map[key]);
  const keys = [...entries.keys()].sort(byUtf8);
  return "{" +
    keys.map((key) => goString(key) + ":" + goJson(entries.get(key))).join(
      ",",
    ) + "}";
}

function byUtf8(a: string, b: string): number {
  const x = new TextEncoder().encode(a);
  const y = new TextEncoder().encode(b);
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = (x[i] as number) - (y[i] as number);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** Go reads a lone surrogate as U+FFFD. */
function goText(text: string): string {
  let out = "";
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    out += point >= 0xd800 && point <= 0xdfff ? "\ufffd" : character;
  }
  return out;
}

function goString(text: string): string {
  let out = '"';
  for (const character of goText(text)) out += goCharacter(character);
  return out + '"';
}

function goCharacter(character: string): string {
  const point = character.codePointAt(0) as number;
  if (character === '"') return '\\"';
  if (character === "\\") return "\\\\";
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const escaped = point < 0x20 || "<>&".includes(character) ||
    point === 0x2028 || point === 0x2029;
  return escaped ? "\\u" + ("000" + point.toString(16)).slice(-4) : character;
}

/** `strconv.AppendFloat(b, f, format, -1, 64)`, where the format is 'e' below 1e-6 and from 1e21 on, else 'f'. */
function goNumber(value: number): string {
  if (value === 0) return 1 / value < 0 ? "-0" : "0";
  const sign = value < 0 ? "-" : "";
  const [mantissa, power] = Math.abs(value).toExponential().split("e") as [
    string,
    string,
  ];
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  const size = Math.abs(value);
  return sign +
    (size < 1e-6 || size >= 1e21
      ? scientific(digits, exponent)
      : plain(digits, exponent));
}

/** Go writes two digits of exponent and then takes a leading zero of a negative one away. */
function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? "." + digits.slice(1) : "";
  const power = Math.abs(exponent);
  const two = exponent < 0 ? String(power) : String(power).padStart(2, "0");
  return digits[0] + fraction + "e" + (exponent < 0 ? "-" : "+") + two;
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return "0." + "0".repeat(-exponent - 1) + digits;
  const whole = digits.padEnd(exponent + 1, "0");
  const fraction = whole.slice(exponent + 1);
  return whole.slice(0, exponent + 1) + (fraction === "" ? "" : "." + fraction);
}
