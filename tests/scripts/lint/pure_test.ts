import assert from "node:assert/strict";
import { PURE } from "../../../scripts/lint/pure.ts";
import { fired } from "../../fakes/lint_run.ts";

/** A file of each pure part. */
const FILES = PURE.map((part) => part.endsWith("/") ? `${part}a.ts` : part);

/** What depends on something else than what is handed in. */
const IMPURE: readonly string[] = [
  // The clock.
  "Date.now();",
  "new Date();",
  "new Date(5);",
  "Date();",
  "const { now } = Date; now();",
  "const Clock = Date; Clock.now();",
  "f(Date);",
  "performance.now();",
  "Temporal.Now.instant();",
  // The clock by another name.
  "globalThis.Date.now();",
  "globalThis['Date'].now();",
  "globalThis[`Date`];",
  "const { Date: Clock } = globalThis; Clock.now();",
  "self.Date.now();",
  "global.Date;",
  // Timers.
  "setTimeout(f, 1);",
  "setInterval(f, 1);",
  "setImmediate(f);",
  "queueMicrotask(f);",
  "globalThis['setTimeout'](f, 1);",
  "const { setTimeout: later } = globalThis; later(f);",
  "import { setTimeout as later } from 'node:timers'; later(f);",
  "import { setTimeout as later } from 'node:timers/promises'; later(1);",
  "import * as timers from 'node:timers'; timers.setTimeout(f);",
  "AbortSignal.timeout(5);",
  "Atomics.wait(a, 0, 0, 5);",
  // Chance.
  "Math.random();",
  "Math['random']();",
  "Math[name]();",
  "const { random } = Math; random();",
  "const M = Math; M.random();",
  "f(Math);",
  "crypto.getRandomValues(a);",
  "crypto.randomUUID();",
  "import { randomBytes } from 'node:crypto'; randomBytes(4);",
  "import crypto from 'node:crypto'; crypto.randomBytes(4);",
  "import * as c from 'node:crypto'; c.randomBytes(4);",
  "import { createHash, randomUUID } from 'node:crypto'; randomUUID();",
  "export { randomBytes } from 'node:crypto'; export const b = 1;",
  "export * from 'node:crypto'; export const b = 1;",
  "import { keygenAsync } from '@noble/ed25519'; f(keygenAsync);",
  // The runtime, the network, the disk, the machine.
  "Deno.cwd();",
  "const { env } = Deno;",
  "process.env;",
  "navigator.hardwareConcurrency;",
  "fetch('x');",
  "const get = fetch;",
  "new WebSocket('wss://x');",
  "new Worker(new URL('./a.ts', import.meta.url));",
  "import.meta.dirname;",
  "import { readFileSync } from 'node:fs'; readFileSync('a');",
  "import 'node:fs';",
  "import fs from 'node:fs'; fs.a;",
  "import { Hono } from 'hono'; new Hono();",
  "console.log(1);",
  "eval('Date.now()');",
  "new Function('return Date')();",
  "new Intl.DateTimeFormat().format();",
  "names.sort((a, b) => a.localeCompare(b));",
  "(5).toLocaleString();",
  "new WeakRef(a);",
  "prompt('?');",
  "alert('!');",
  "sessionStorage.getItem('a');",
  "indexedDB.open('a');",
  "postMessage(1);",
  "[].constructor.constructor('return Date.now()')();",
  // What an earlier call left.
  "let calls = 0; export const f = () => ++calls;",
  "export let calls = 0;",
  "var calls = 0; f(calls);",
  // What ends later.
  "export async function f() {}",
  "export const f = async () => {};",
  "export const f = async function () {};",
  "export class A { async b() {} }",
  "export async function* f() {}",
  "await f();",
  "for await (const a of b) f(a);",
  "await import('./b.ts');",
  "import('./b.ts');",
  "new Promise(f);",
  "Promise.resolve(1);",
  "Promise.all(a);",
  "f().then(g);",
  "f().catch(g);",
  "f().finally(g);",
];

const PLAIN: readonly string[] = [
  "export const a = Math.max(1, Math['min'](2, 3));",
  "export const a = { Date: 1, fetch: 2, now: 3 }.fetch;",
  "export interface A { fetch(): void; Date: number; random: number }",
  "export const f = ({ Date: at }: { Date: number }) => at;",
  "export class A { fetch() {} performance = 1; }",
  "export const f = (clock: B) => clock.performance.now();",
  "export type Later = () => Promise<Date>;",
  "export const f = (now: number, random: number) => now * random;",
  "import { createHash } from 'node:crypto'; createHash('sha256');",
  "import { type KeyObject, verify } from 'node:crypto'; verify(a, b, c, d);",
  "import type { Buffer } from 'node:buffer'; export const a: Buffer = b;",
  "import * as v from 'valibot'; v.string();",
  "import { base58 } from '@scure/base'; base58.encode(a);",
  "for (const a of b) f(a);",
  "export function* f() { yield 1; }",
  "export const f = () => { let a = 1; a++; return a; };",
  "export class A { constructor() {} }",
];

Deno.test("pure: time, chance, runtime, network and waiting fire in each pure part, by whatever name", () => {
  for (const source of IMPURE) {
    for (const path of FILES) {
      assert.ok(fired(path, source).includes("pure"), `${path}: ${source}`);
    }
  }
});

Deno.test("pure: what is handed in, types, names of fields and pure packages pass", () => {
  for (const source of PLAIN) {
    for (const path of FILES) {
      assert.deepEqual(fired(path, source), [], `${path}: ${source}`);
    }
  }
});

Deno.test("pure: other parts may have a clock", () => {
  const source = "export const now = () => Date.now() + Math.random();";
  for (const path of ["relay/shell/a.ts", "daemon/session/a.ts"]) {
    assert.deepEqual(fired(path, source), [], path);
  }
});

Deno.test("pure: an identity may wait for its signature, and nothing more", () => {
  const path = "lib/protocol/identity.ts";
  const source = "export const f = async () => await g();";
  assert.deepEqual(fired(path, source), []);
  assert.deepEqual(fired("lib/protocol/a.ts", source), ["pure"]);
  const digest = 'export const f = () => crypto.subtle.digest("SHA-512", x);';
  assert.deepEqual(fired(path, digest), []);
  assert.deepEqual(fired("lib/protocol/a.ts", digest), ["pure"]);
  for (
    const other of [
      ...["Date.now();", "setTimeout(f, 1);", "Math.random();"],
      ...["crypto.randomUUID();", "crypto.subtle.generateKey(x);"],
      ...["crypto.subtle;", "f(crypto);", "crypto.getRandomValues(x);"],
    ]
  ) assert.deepEqual(fired(path, other), ["pure"], other);
});

Deno.test("the invariants of the core, the wire and the mailbox: what would break them is refused, and by which rule", () => {
  const table: readonly [path: string, source: string, rule: string][] = [
    [
      "relay/core/core.ts",
      `import { Peer } from "../shell/peer.ts"; new Peer();`,
      "layers",
    ],
    [
      "relay/core/core.ts",
      `import type { Peer } from "../shell/peer.ts"; export type A = Peer;`,
      "layers",
    ],
    ["relay/core/core.ts", "export const now = () => Date.now();", "pure"],
    ["lib/protocol/names.ts", "setTimeout(f, 1);", "pure"],
    ["lib/protocol/names.ts", "export const a = Math.random();", "pure"],
    [
      "daemon/mailbox/mailbox.ts",
      `import { Session } from "../session/session.ts"; new Session();`,
      "layers",
    ],
    [
      "daemon/mailbox/mailbox.ts",
      `import type { Session } from "../session/session.ts"; export type A = Session;`,
      "layers",
    ],
  ];
  for (const [path, source, rule] of table) {
    assert.ok(fired(path, source).includes(rule), source);
  }
});
