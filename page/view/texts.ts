import { decodeBase58 } from "../../lib/protocol/base58.ts";
import { makeVisible } from "../../lib/guards/visible.ts";

/** Characters of a key that are shown beside a name. */
const SHORT_KEY = 8;

/** The start of an agent's key: what names it, whatever it calls itself. */
export function shortKey(id: string): string {
  return makeVisible(id.slice(0, SHORT_KEY));
}

/** The hue of an agent's colour in degrees, from its key alone. */
export function hueOf(id: string): number {
  const key = decodeBase58(id, 32);
  const [high = 0, low = 0] = key ?? [];
  return (256 * high + low) % 360;
}

/** A stranger's text with what steers or hides as marks; line breaks and tabs stay. */
export function visibleText(text: string): string {
  return text.split(/([\n\t])/).map((part) =>
    part === "\n" || part === "\t" ? part : makeVisible(part)
  ).join("");
}

/** The start of a text in one line. */
export function snippet(text: string, most: number): string {
  const line = makeVisible(text.slice(0, 4 * most).replace(/\s+/g, " ").trim());
  const characters = [...line];
  return characters.length <= most
    ? line
    : `${characters.slice(0, most).join("")}…`;
}

/** "5 minutes ago" of two times in milliseconds. */
export function agoText(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1_000));
  for (const [unit, length] of UNITS) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "1 message", "2 messages". */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}

/** What readers told of a message: no word of those who told nothing, who may have it all the same. Who came later may add to those who were there. */
export function receiptText(
  { delivered, shown, of }: {
    readonly delivered: number;
    readonly shown: number;
    readonly of: number;
  },
): string {
  const all = of < delivered ? "" : ` of ${of}`;
  return delivered === 0
    ? "no receipt yet"
    : `delivered to ${delivered}${all}, shown to ${shown}`;
}

/** Bytes in whole megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString("en")} MB`;
}

/** A file's size: bytes, then kilobytes and megabytes with one digit behind the point. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, "byte");
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${size.toFixed(1)} ${unit}`;
}

/** Both start on the same day, by this browser's time zone. */
export function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

export function clockText(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function dayText(time: number): string {
  return new Date(time).toLocaleDateString("en", {
    ...{ weekday: "long", year: "numeric", month: "long", day: "numeric" },
  });
}

/** For a `time` element; "" of what no calendar has. */
export function isoTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
