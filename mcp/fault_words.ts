import type { z } from "zod";

/** How the checker's types are called in what a model or a host reads. */
const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  record: "an object",
  object: "an object",
};
const UNITS: Readonly<Record<string, string>> = {
  string: " characters",
  array: " items",
};

/**
 * What is wrong with a value, in words of our own: `limit has to be at most 500`. Holds nothing of the value itself.
 *
 * @param issue of a check with `reportInput`; a custom check's message says what the value has to be.
 */
export function faultWords(issue: z.core.$ZodIssue, name: string): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `${name} is missing`
        : `${name} has to be ${typeWord(issue.expected)}`;
    case "too_big":
      return `${name} has to be at most ${issue.maximum}${unit(issue.origin)}`;
    case "too_small":
      return issue.minimum === 1 && issue.origin === "string"
        ? `${name} must not be empty`
        : `${name} has to be at least ${issue.minimum}${unit(issue.origin)}`;
    case "invalid_value":
      return `${name} has to be ${issue.values.map(String).join(" or ")}`;
    case "invalid_union":
      return `${name} has to be ${unionWords(issue)}`;
    case "custom":
      return `${name} ${issue.message}`;
    default:
      return `${name} has another form`;
  }
}

/** What each kind of a union would be, in its order. */
function unionWords({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const expected = errors.flatMap(([first]) =>
    first?.code === "invalid_type" ? [typeWord(first.expected)] : []
  );
  return expected.length === 0 ? "of another form" : expected.join(" or ");
}

const typeWord = (type: string) => TYPES[type] ?? `of the kind ${type}`;
const unit = (origin: string) => UNITS[origin] ?? "";
