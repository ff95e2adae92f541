/** Sources that name `to` in every way there is. */
export const WAYS: readonly ((to: string) => string)[] = [
  (to) => `import { a } from "${to}"; a();`,
  (to) => `import "${to}";`,
  (to) => `import * as a from "${to}"; a.b();`,
  (to) => `export { a } from "${to}"; export const b = 1;`,
  (to) => `export * from "${to}"; export const b = 1;`,
  (to) => `await import("${to}");`,
  (to) => `await import(\`${to}\`);`,
  (to) => `new Worker(new URL("${to}", import.meta.url));`,
  (to) => `const url = new URL("${to}", import.meta.url); f(url);`,
  (to) => `f(import.meta.resolve("${to}"));`,
];

/** And types alone. */
export const TYPE_WAYS: readonly ((to: string) => string)[] = [
  (to) => `import type { A } from "${to}"; export const a: A = 1;`,
  (to) => `import { type A, type B } from "${to}"; export const a: A | B = 1;`,
  (to) => `export type { A } from "${to}"; export const b = 1;`,
  (to) => `export type * from "${to}"; export const b = 1;`,
  (to) => `export const a: import("${to}").A = 1;`,
];
