/** The rows below the head of the first table after a heading, each cell trimmed. */
export function tableUnder(page: string, heading: string): string[][] {
  const section = page.split(`\n${heading}\n`)[1]?.split("\n## ")[0];
  if (section === undefined) throw new Error(`no heading "${heading}"`);
  const lines = section.split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  const end = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  return lines.slice(first + 2, end < 0 ? undefined : end).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

/** What stands in code marks, in order. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => code ?? []);
}

/** `lib/{a,b}/` is `lib/a/` and `lib/b/`. */
export function expanded(path: string): string[] {
  const [, before, names, after] = path.match(/^(.*)\{(.+)\}(.*)$/) ?? [];
  return names === undefined
    ? [path]
    : names.split(",").map((name) => `${before}${name}${after}`);
}
