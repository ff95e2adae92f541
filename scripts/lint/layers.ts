import { type ImportSite, importSites } from "./import_sites.ts";
import { refusal } from "./layer_table.ts";
import { isAround, isRelative, pathOf, target } from "./place.ts";

/** The rule `layers`: a file imports what its row of the table allows. */
export const layers: Deno.lint.Rule = {
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
