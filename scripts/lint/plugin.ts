// The project's own lint rules, run by `deno lint` (deno.json, "lint").

import denoJson from "../../deno.json" with { type: "json" };
import {
  type ImportSite,
  importSites,
  nameOf,
  propertyOf,
} from "./import_sites.ts";
import { refusal } from "./layer_table.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);
const WEBSOCKET_FILE = "lib/client/websocket_transport.ts";
/** Parts that must run anywhere: no runtime's own objects. */
const PLAIN = [
  "lib/protocol/",
  "lib/client/",
  "lib/guards/",
  "lib/text_rules/",
];

type Context = Deno.lint.RuleContext;

/** Path from the project's root, with "/" whatever the system. */
function pathOf(context: Context): string {
  const path = context.filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** The file that a relative specifier means, from the project's root. */
function target(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

const isRelative = (specifier: string) => /^\.{0,2}\//.test(specifier);

const inside = (path: string, parts: readonly string[]) =>
  parts.some((part) => path.startsWith(part));

/** True for tests and scripts: nothing that is shipped. */
const isAround = (path: string) => inside(path, ["tests/", "scripts/"]);

const layers: Deno.lint.Rule = {
  create(context) {
    const from = pathOf(context);
    const judge = (site: ImportSite): string | null => {
      if (site.specifier === null) {
        return isAround(from)
          ? null
          : "a module must be named by a literal, so that its layer can be checked";
      }
      if (!isRelative(site.specifier)) return null;
      return refusal(from, target(from, site.specifier), site);
    };
    return importSites((site) => {
      const message = judge(site);
      if (message) context.report({ node: site.node, message });
    });
  },
};

const importMap: Deno.lint.Rule = {
  create(context) {
    return importSites(({ node, specifier }) => {
      if (specifier === null || isRelative(specifier)) return;
      if (specifier.startsWith("node:")) return;
      if (Object.hasOwn(denoJson.imports, specifier)) return;
      if (Object.hasOwn(denoJson.imports, packageOf(specifier))) return;
      context.report({
        node,
        message: `'${specifier}' is not in the import map`,
        hint: "name it in deno.json's imports, pinned exactly",
      });
    });
  },
};

/** A package without the path to a file in it: `hono/cors` is of `hono`. */
function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

const noDefaultExport: Deno.lint.Rule = {
  create(context) {
    const message = "no default exports: a thing has one name everywhere";
    return {
      ExportDefaultDeclaration(node) {
        context.report({ node, message });
      },
      ExportSpecifier(node) {
        if (nameOf(node.exported) === "default") {
          context.report({ node, message });
        }
      },
    };
  },
};

const noBarrel: Deno.lint.Rule = {
  create(context) {
    return {
      Program(node) {
        const name = pathOf(context).split("/").at(-1) ?? "";
        if (/^(index|mod|utils?|helpers?)(_test)?\.[jt]sx?$/.test(name)) {
          const message = `${name}: a file is named for what it exports`;
          context.report({ node, message });
        } else if (!/^[a-z0-9_]+\.[a-z]+$/.test(name)) {
          context.report({ node, message: `${name} is not snake_case` });
        } else if (node.body.length > 0 && node.body.every(isReExport)) {
          const message = "a file of re-exports alone is a barrel";
          context.report({ node, message });
        }
      },
    };
  },
};

function isReExport(node: Deno.lint.Node): boolean {
  return node.type === "ExportAllDeclaration" ||
    (node.type === "ExportNamedDeclaration" && node.source !== null);
}

const noConsole: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context);
    if (path === "main.ts" || isAround(path)) return {};
    return {
      MemberExpression(node) {
        const object = nameOf(node.object);
        if (object === "console") {
          const message = "no console: write through the context or the log";
          context.report({ node, message });
        }
        if (object === "Deno" && propertyOf(node) === "exit") {
          const message = "no Deno.exit below main.ts: return an exit code";
          context.report({ node, message });
        }
      },
    };
  },
};

const noEmptyCatch: Deno.lint.Rule = {
  create(context) {
    const message = "an error is acted on, logged or thrown on";
    return {
      CatchClause(node) {
        if (node.body.body.length === 0) context.report({ node, message });
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== "MemberExpression") return;
        if (propertyOf(callee) !== "catch") return;
        if (isNothing(node.arguments[0])) context.report({ node, message });
      },
    };
  },
};

/** `() => {}`, `() => undefined`, `() => null` and the like. */
function isNothing(node: Deno.lint.Node | undefined): boolean {
  if (
    node?.type !== "ArrowFunctionExpression" &&
    node?.type !== "FunctionExpression"
  ) return false;
  const { body } = node;
  if (body?.type === "BlockStatement") return body.body.length === 0;
  return nameOf(body ?? undefined) === "undefined" ||
    (body?.type === "Literal" && body.value === null);
}

const noDeno: Deno.lint.Rule = {
  create(context) {
    if (!inside(pathOf(context), PLAIN)) return {};
    return {
      Identifier(node) {
        if (node.name !== "Deno") return;
        const message = "no Deno here: take what is needed as a parameter";
        context.report({ node, message });
      },
    };
  },
};

const oneWebSocket: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context);
    if (path === WEBSOCKET_FILE || isAround(path)) return {};
    return {
      NewExpression(node) {
        if (nameOf(node.callee) !== "WebSocket") return;
        const message = `new WebSocket stands in ${WEBSOCKET_FILE} alone`;
        context.report({ node, message });
      },
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "agentnet",
  rules: {
    "layers": layers,
    "import-map": importMap,
    "no-default-export": noDefaultExport,
    "no-barrel": noBarrel,
    "no-console": noConsole,
    "no-empty-catch": noEmptyCatch,
    "no-deno": noDeno,
    "one-websocket": oneWebSocket,
  },
};

// A lint plugin is looked for in the default export.
// deno-lint-ignore agentnet/no-default-export
export default plugin;
