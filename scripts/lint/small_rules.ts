// The rules of a few lines each.

import denoJson from "../../deno.json" with { type: "json" };
import { importSites, nameOf, propertyOf } from "./import_sites.ts";
import { inside, isAround, isRelative, pathOf } from "./place.ts";

const WEBSOCKET_FILE = "lib/client/websocket_transport.ts";

/** Packages are named through the import map alone. */
export const importMap: Deno.lint.Rule = {
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

/** A thing has one name everywhere. */
export const noDefaultExport: Deno.lint.Rule = {
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

/** A file is named for what it exports, in snake_case. */
export const noBarrel: Deno.lint.Rule = {
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

/** Output and exit codes go through main.ts. */
export const noConsole: Deno.lint.Rule = {
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

/** No error is swallowed. */
export const noEmptyCatch: Deno.lint.Rule = {
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

/** lib/client runs anywhere: it is handed what it needs of a runtime. */
export const noDeno: Deno.lint.Rule = {
  create(context) {
    if (!inside(pathOf(context), ["lib/client/"])) return {};
    return {
      Identifier(node) {
        if (node.name !== "Deno" && node.name !== "globalThis") return;
        const message =
          `no ${node.name} here: take what is needed as a parameter`;
        context.report({ node, message });
      },
    };
  },
};

/** Sockets are opened in one file. */
export const oneWebSocket: Deno.lint.Rule = {
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
