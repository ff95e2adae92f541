// Every way in which one file can name another.

/** A place that names another module. */
export interface ImportSite {
  readonly node: Deno.lint.Node;
  /** What is named; null where it is worked out at run time. */
  readonly specifier: string | null;
  readonly typesOnly: boolean;
}

type Visit = (site: ImportSite) => void;

/**
 * Visitors for static and dynamic imports, re-exports, types by `import()`,
 * `import.meta.resolve` and `new URL(…, import.meta.url)`, by which workers
 * are named.
 */
export function importSites(visit: Visit): Deno.lint.LintVisitor {
  return {
    ImportDeclaration(node) {
      const typesOnly = node.importKind === "type" ||
        (node.specifiers.length > 0 &&
          node.specifiers.every((one) =>
            one.type === "ImportSpecifier" && one.importKind === "type"
          ));
      visit({ node, specifier: node.source.value, typesOnly });
    },
    ExportNamedDeclaration(node) {
      if (!node.source) return;
      const typesOnly = node.exportKind === "type";
      visit({ node, specifier: node.source.value, typesOnly });
    },
    ExportAllDeclaration(node) {
      const typesOnly = node.exportKind === "type";
      visit({ node, specifier: node.source.value, typesOnly });
    },
    ImportExpression(node) {
      visit({ node, specifier: textOf(node.source), typesOnly: false });
    },
    TSImportType(node) {
      visit({ node, specifier: textOf(node.argument), typesOnly: true });
    },
    NewExpression(node) {
      if (nameOf(node.callee) !== "URL" || !isMetaUrl(node.arguments[1])) {
        return;
      }
      const specifier = textOf(node.arguments[0]);
      if (specifier === null || /\.[jt]s$/.test(specifier)) {
        visit({ node, specifier, typesOnly: false });
      }
    },
    CallExpression(node) {
      if (!isMetaMember(node.callee, "resolve")) return;
      const specifier = textOf(node.arguments[0]);
      visit({ node, specifier, typesOnly: false });
    },
  };
}

/** The name of an identifier, or null. */
export function nameOf(node: Deno.lint.Node | undefined): string | null {
  return node?.type === "Identifier" ? node.name : null;
}

/** The name after the dot, or in quotes between brackets; null for another. */
export function propertyOf(node: Deno.lint.MemberExpression): string | null {
  return node.computed ? textOf(node.property) : nameOf(node.property);
}

function textOf(node: Deno.lint.Node | undefined): string | null {
  if (node?.type === "TSLiteralType") return textOf(node.literal);
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) {
    return node.quasis[0]?.cooked ?? null;
  }
  return node?.type === "Literal" && typeof node.value === "string"
    ? node.value
    : null;
}

function isMetaUrl(node: Deno.lint.Node | undefined): boolean {
  return node !== undefined && isMetaMember(node, "url");
}

function isMetaMember(node: Deno.lint.Node, name: string): boolean {
  return node.type === "MemberExpression" &&
    node.object.type === "MetaProperty" && propertyOf(node) === name;
}
