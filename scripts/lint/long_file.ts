import { pathOf } from "./place.ts";

/** Lines that a file may have: beyond, it has a second subject. */
export const MOST_LINES = 300;

/** Files that may be longer, and why. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  "lib/error_table.ts": "a table: each error, its words and codes",
  "scripts/lint/layer_table.ts": "a table: each part and what it may import",
  "tests/fakes/secret_corpus.ts": "a table: texts with and without secrets",
  "tests/e2e/relay_operator_test.ts": "cases of one staged relay",
  "tests/scenarios/bad_network.ts": "one scenario, step by step",
};

/** The rule `long-file`. */
export const longFile: Deno.lint.Rule = {
  create(context) {
    return {
      Program(node) {
        const path = pathOf(context);
        if (Object.hasOwn(LONG_FILES, path)) return;
        const lines = lineCount(context.sourceCode.text);
        if (lines <= MOST_LINES) return;
        const message =
          `${path} has ${lines} lines: what is its second subject?`;
        context.report({ node, message });
      },
    };
  },
};

/** Lines of a text, whether or not the last one is ended. */
export function lineCount(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
