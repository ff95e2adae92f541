import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
const PAGES = ["CONTRIBUTING.md", "docs/README.md"];

const read = (path: string) => Deno.readTextFileSync(new URL(path, ROOT));

function isThere(path: string | URL): boolean {
  try {
    return Deno.statSync(path).isFile || path.toString().endsWith("/");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What stands between backticks on one line, or across the end of one. */
const quoted = (page: string) =>
  [...page.matchAll(/`([^`]+)`/g)].map(([, text = ""]) =>
    text.replace(/\s+/g, " ")
  );

/** Files and folders of this project among them; NAME stands for a new one. */
const paths = (page: string) =>
  quoted(page).filter((text) =>
    /^[\w.-]+(\/[\w.-]*)*$/.test(text) && /\/|\.(ts|md|json)$/.test(text) &&
    !text.includes("NAME")
  );

Deno.test("CONTRIBUTING.md: every file and folder that it names is there", () => {
  const named = paths(read("CONTRIBUTING.md"));
  assert.ok(named.length > 50, `${named.length}`);
  const missing = named.filter((path) => !isThere(new URL(path, ROOT)));
  assert.deepEqual(missing, []);
});

for (const page of PAGES) {
  Deno.test(`${page}: every link leads somewhere`, () => {
    const links = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
      .map(([, link = ""]) => link).filter((link) => !link.includes("://"));
    assert.ok(links.length > 1);
    const from = new URL(page, ROOT);
    const missing = links.filter((link) => !isThere(new URL(link, from)));
    assert.deepEqual(missing, []);
  });
}

Deno.test("CONTRIBUTING.md: every task that it names is one of deno.json, with the Deno that README names", () => {
  const page = read("CONTRIBUTING.md");
  const tasks = [...page.matchAll(/\bdeno task ([\w:]+)/g)].map(([, task]) =>
    task ?? ""
  );
  for (const known of ["check", "test", "test:e2e", "slow", "bench"]) {
    assert.ok(tasks.includes(known), known);
  }
  const missing = tasks.filter((task) => !Object.hasOwn(denoJson.tasks, task));
  assert.deepEqual(missing, []);
  const versions = new Set(
    [page, read("README.md")].flatMap((text) => text.match(/deno@[\d.]+/g)),
  );
  assert.equal(versions.size, 1);
});

Deno.test("CONTRIBUTING.md: each rig and relay of its tables is exported by the file beside it", () => {
  const rows = read("CONTRIBUTING.md").split("\n").flatMap((line) => {
    const [, name, , path] =
      /^\|.*?`([A-Z]\w+|\w+[A-Z]\w*)`(.*)`([^`]+\.ts)` *\|$/
        .exec(line) ?? [];
    return name && path ? [{ name, path }] : [];
  });
  assert.ok(rows.length >= 14, `${rows.length}`);
  for (const { name, path } of rows) {
    const declared = new RegExp(
      `^export (async )?(class|function) ${name}\\b`,
      "m",
    );
    assert.match(read(path), declared, path);
  }
});

Deno.test("CONTRIBUTING.md: a message's way takes ten steps at most, each way", () => {
  const [, way = ""] = /## Follow one message\n([^]*?)\n## /
    .exec(read("CONTRIBUTING.md")) ?? [];
  const steps = [...way.matchAll(/^(\d+)\./gm)].map(([, step]) => Number(step));
  assert.equal(steps.filter((step) => step === 1).length, 2);
  assert.ok(Math.max(...steps) <= 10);
});

Deno.test("docs/README.md: every page of docs is in the index", () => {
  const index = read("docs/README.md");
  const pages = [...Deno.readDirSync(new URL("docs/", ROOT))]
    .map(({ name }) => name).filter((name) =>
      name.endsWith(".md") && name !== "README.md"
    );
  assert.ok(pages.length >= 5);
  const missing = pages.filter((name) => !index.includes(`](${name})`));
  assert.deepEqual(missing, []);
});

Deno.test("README.md: CONTRIBUTING and the index of docs can be found from it", () => {
  const readme = read("README.md");
  for (const page of PAGES) assert.ok(readme.includes(`](${page})`), page);
});
