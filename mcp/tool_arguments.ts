import type { z } from "zod";
import { Failure } from "../lib/errors.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import { faultWords } from "./fault_words.ts";
import { nearestName } from "../lib/text_rules/nearest_name.ts";
import type { ArgumentSchema, ToolSchema } from "./tool_schema.ts";

/** A tool's arguments: as they are checked, and as they are published. */
export interface ArgumentRules<Shape extends z.ZodRawShape> {
  readonly tool: string;
  readonly checked: z.ZodObject<Shape>;
  readonly published: ToolSchema;
}

type Given = Readonly<Record<string, unknown>>;

/** Most names of unknown arguments that are told, and characters of each. */
const MOST_TOLD = 5;
const LONGEST_TOLD = 40;

/**
 * The arguments of a call as its tool takes them. Null is absent; a number or a boolean may come as a text, and a
 * text as a number or a boolean: models write both.
 *
 * @throws {Failure} USAGE, with the names that are unknown and those that were meant, or what is wrong with a value.
 */
export function readArguments<Shape extends z.ZodRawShape>(
  { tool, checked, published }: ArgumentRules<Shape>,
  given: Given,
): z.output<z.ZodObject<Shape>> {
  const { properties } = published;
  const present = Object.entries(given).filter(([, value]) => value !== null);
  const unknown = present.map(([name]) => name)
    .filter((name) => !Object.hasOwn(properties, name));
  if (unknown.length > 0) {
    throw unknownArguments(tool, unknown, Object.keys(properties));
  }
  const values = present.map(([name, value]) =>
    [name, inKind(properties[name] as ArgumentSchema, value)] as const
  );
  const parsed = checked.safeParse(Object.fromEntries(values), {
    reportInput: true,
  });
  if (parsed.success) return parsed.data;
  const reasons = oneEach(parsed.error.issues).map((issue) =>
    faultWords(issue, issue.path.join("."))
  );
  throw usage(
    `${tool}: ${reasons.join(", ")}`,
    takes(tool, Object.keys(properties)),
  );
}

/** One issue for each value: where several bounds are passed, the last, which is the argument's own. */
function oneEach(
  issues: readonly z.core.$ZodIssue[],
): readonly z.core.$ZodIssue[] {
  return [...new Map(issues.map((one) => [one.path.join("."), one])).values()];
}

/** The refusal of a name that is unknown, with the known one that is nearest to it. */
export function unknownName(
  word: string,
  known: readonly string[],
): { readonly shown: string; readonly meant: string | null } {
  const shown = makeVisible(word.slice(0, LONGEST_TOLD));
  return { shown, meant: nearestName(word, known) };
}

function unknownArguments(
  tool: string,
  names: readonly string[],
  known: readonly string[],
): Failure {
  const found = names.slice(0, MOST_TOLD)
    .map((name) => unknownName(name, known));
  const shown = found.map((one) => `'${one.shown}'`).join(", ");
  const meant = found.flatMap((one) =>
    one.meant === null
      ? []
      : [`'${one.meant}'${found.length > 1 ? ` for '${one.shown}'` : ""}`]
  );
  const all = takes(tool, known);
  return usage(
    `${tool} has no argument ${shown}`,
    meant.length > 0 ? `did you mean ${meant.join(", ")}? ${all}` : all,
  );
}

const takes = (tool: string, known: readonly string[]) =>
  known.length === 0
    ? `${tool} takes no arguments`
    : `${tool} takes ${known.join(", ")}`;

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}

/** A value in the kind that its argument has, where it is plainly the same; as it came where it is not. */
function inKind({ type, items }: ArgumentSchema, value: unknown): unknown {
  switch (type) {
    case "string":
      return asText(value);
    case "integer":
    case "number":
      return asNumber(value);
    case "boolean":
      return asBoolean(value);
    case "array":
      return items && Array.isArray(value)
        ? value.filter((one) => one !== null).map(asText)
        : value;
    default:
      return type satisfies never;
  }
}

/** Numbers that are written out; one with an exponent is another text than was meant. */
const PLAIN_NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

function asText(value: unknown): unknown {
  const text = `${value}`;
  return typeof value === "boolean" ||
      typeof value === "number" && PLAIN_NUMBER.test(text)
    ? text
    : value;
}

function asNumber(value: unknown): unknown {
  // JSON's 1e999: past every bound, which can be named.
  if (value === Infinity) return Number.MAX_VALUE;
  if (value === -Infinity) return -Number.MAX_VALUE;
  if (typeof value !== "string") return value;
  const text = value.trim();
  // Some hosts write an empty text for what was left out.
  if (text === "") return undefined;
  return PLAIN_NUMBER.test(text) ? Number(text) : value;
}

const BOOLEANS: ReadonlyMap<unknown, boolean | undefined> = new Map<
  unknown,
  boolean | undefined
>([
  ["true", true],
  ["1", true],
  [1, true],
  ["false", false],
  ["0", false],
  [0, false],
  ["", undefined],
]);

function asBoolean(value: unknown): unknown {
  const key = typeof value === "string" ? value.trim().toLowerCase() : value;
  return BOOLEANS.has(key) ? BOOLEANS.get(key) : value;
}
