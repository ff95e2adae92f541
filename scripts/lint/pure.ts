import { nameOf, propertyOf } from "./import_sites.ts";
import { inside, isRelative, pathOf } from "./place.ts";

type Node = Deno.lint.Node;

/**
 * Parts whose answers depend on what they are given and on nothing else: no runtime, clock, chance, network or disk,
 * and nothing that ends later. What one of them imports by value is pure too, packages but for {@link PACKAGES}.
 */
export const PURE: readonly string[] = [
  "relay/core/",
  "daemon/session/core/",
  "lib/blobs/",
  "lib/protocol/",
  "lib/guards/",
  "lib/sealed/",
  "lib/text_rules/",
  "lib/backoff.ts",
  "lib/steady_time.ts",
  "lib/defined.ts",
  "lib/errors.ts",
  "lib/error_table.ts",
];

/**
 * What the thread that has the keys signs and derives waits on WebCrypto, the only cryptography that it loads anyway
 * (docs/architecture.md, "Choices").
 */
const MAY_WAIT: readonly string[] = [
  "lib/protocol/identity.ts",
  "lib/blobs/blob_token.ts",
  "lib/sealed/derived_keys.ts",
];

/** What those may take of WebCrypto: the same for the same input. */
const SUBTLE: readonly (string | null)[] = [
  ...["deriveBits", "digest", "exportKey", "importKey", "sign"],
];

/** What may be taken of packages, each the same for the same input; "all" where nothing in it is otherwise. */
const PACKAGES: Readonly<Record<string, readonly string[] | "all">> = {
  "node:crypto": [
    ...["createHash", "createPublicKey", "verify"],
    ...["createCipheriv", "createDecipheriv"],
  ],
  "@scure/base": "all",
  "valibot": "all",
};

/**
 * Names of globals, as values. `globalThis` and its other names stand here so that none comes in by a side door. `Date`
 * is refused whole, `new Date(ms)` with it: most of its methods go by the machine's time zone.
 */
const REFUSED: ReadonlySet<string> = new Set([
  ...["Deno", "process", "navigator", "console", "localStorage", "caches"],
  ...["globalThis", "self", "global", "eval", "Function"],
  ...["Date", "Temporal", "Intl", "performance", "crypto"],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
  ...["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource"],
  ...["sessionStorage", "indexedDB", "postMessage"],
  ...["alert", "confirm", "prompt"],
  ...["Worker", "MessageChannel", "BroadcastChannel", "Atomics"],
  ...["AbortSignal", "WeakRef", "FinalizationRegistry", "reportError"],
  "Promise",
]);

/** Methods that go by the machine's language. */
const isLocal = (method: string) =>
  method === "localeCompare" || method.startsWith("toLocale");

/** Methods of what ends later. */
const WAITS: ReadonlySet<string> = new Set(["then", "catch", "finally"]);

const LATER = "a pure part ends at once: let the caller wait";

/** The rule `pure`, for {@link PURE}. */
export const pure: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context);
    if (!inside(path, PURE)) return {};
    const report = (node: Node, message: string) =>
      context.report({ node, message });
    const mayWait = inside(path, MAY_WAIT);
    return mayWait
      ? names((node, message) => isSubtle(node) || report(node, message))
      : { ...names(report), ...waits(report) };
  },
};

type Report = (node: Node, message: string) => unknown;

/** Whether `crypto` stands before `subtle` and one of {@link SUBTLE}. */
function isSubtle(node: Node): boolean {
  if (node.type !== "Identifier" || node.name !== "crypto") return false;
  const { parent } = node;
  return parent.type === "MemberExpression" &&
    propertyOf(parent) === "subtle" &&
    parent.parent.type === "MemberExpression" &&
    SUBTLE.includes(propertyOf(parent.parent));
}

function names(report: Report): Deno.lint.LintVisitor {
  return {
    Identifier(node) {
      if (isLabel(node)) return;
      const refused = REFUSED.has(node.name) ||
        (node.name === "Math" && !isPlainMath(node.parent));
      if (!refused) return;
      report(
        node,
        node.name === "Math"
          ? "no Math.random in a pure part: take the number as a parameter"
          : `no ${node.name} in a pure part: take what is needed as a parameter`,
      );
    },
    MetaProperty(node) {
      if (node.meta.name === "import") {
        report(node, "no import.meta in a pure part: it names this machine");
      }
    },
    MemberExpression(node) {
      const method = propertyOf(node);
      if (method !== null && isLocal(method)) {
        report(node, `no ${method} in a pure part: it goes by the machine`);
      }
      if (method === "constructor") {
        report(node, "no constructor as a value: Function comes in by it");
      }
    },
    VariableDeclaration(node) {
      if (node.kind !== "const" && isOfModule(node.parent)) {
        report(node, "no state of a module in a pure part: hand it in");
      }
    },
    ImportDeclaration(node) {
      if (node.importKind === "type" || isRelative(node.source.value)) return;
      const wrong = node.specifiers.find((one) => !isAllowed(one, node));
      if (wrong !== undefined || node.specifiers.length === 0) {
        report(node, notPure(node.source.value));
      }
    },
    ExportNamedDeclaration(node) {
      const from = node.source?.value;
      if (from !== undefined && !isRelative(from)) report(node, notPure(from));
    },
    ExportAllDeclaration(node) {
      const from = node.source.value;
      if (!isRelative(from)) report(node, notPure(from));
    },
  };
}

function waits(report: Report): Deno.lint.LintVisitor {
  const isAsync = (node: Node & { readonly async: boolean }) => {
    if (node.async) report(node, LATER);
  };
  return {
    AwaitExpression: (node) => report(node, LATER),
    ImportExpression: (node) => report(node, LATER),
    ForOfStatement(node) {
      if (node.await) report(node, LATER);
    },
    FunctionDeclaration: isAsync,
    FunctionExpression: isAsync,
    ArrowFunctionExpression: isAsync,
    CallExpression({ callee }) {
      if (callee.type !== "MemberExpression") return;
      const method = propertyOf(callee);
      if (method !== null && WAITS.has(method)) report(callee, LATER);
    },
  };
}

/** Whether a declaration of this parent stands in no function. */
function isOfModule({ type }: Node): boolean {
  return type === "Program" || type === "ExportNamedDeclaration";
}

/** Names of properties, and of types, stand for nothing at run time. */
function isLabel(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "MemberExpression":
      return !parent.computed && isSame(parent.property, node);
    case "Property":
      return !parent.computed && !parent.shorthand && isSame(parent.key, node);
    case "PropertyDefinition":
    case "MethodDefinition":
      return !parent.computed && isSame(parent.key, node);
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "TSTypeReference":
      return true;
    default:
      return false;
  }
}

/** Whether `Math` stands before the name of one of its members, and not of `random`. */
function isPlainMath(parent: Node): boolean {
  if (parent.type !== "MemberExpression") return false;
  const member = propertyOf(parent);
  return member !== null && member !== "random";
}

function isAllowed(
  one: Deno.lint.ImportDeclaration["specifiers"][number],
  { source }: Deno.lint.ImportDeclaration,
): boolean {
  const allowed = Object.hasOwn(PACKAGES, source.value)
    ? PACKAGES[source.value]
    : undefined;
  if (one.type === "ImportSpecifier" && one.importKind === "type") return true;
  if (allowed === undefined || allowed === "all") return allowed === "all";
  const name = one.type === "ImportSpecifier" ? nameOf(one.imported) : null;
  return name !== null && allowed.includes(name);
}

function isSame(a: Node, b: Node): boolean {
  return a.range[0] === b.range[0] && a.range[1] === b.range[1];
}

function notPure(name: string): string {
  return `'${name}' is not known to be pure: scripts/lint/pure.ts lists what is`;
}
