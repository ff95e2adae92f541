import {
  type ImportSite,
  importSites,
} from "../../scripts/lint/import_sites.ts";
import plugin from "../../scripts/lint/plugin.ts";

/** The project's rules that fire on a source at a path, each once, sorted. */
export function fired(path: string, source: string): string[] {
  const found = Deno.lint.runPlugin(plugin, path, source);
  return [...new Set(found.map((one) => one.id.replace("agentnet/", "")))]
    .sort();
}

/** What one rule says of a source at a path. */
export function said(
  rule: Deno.lint.Rule,
  path: string,
  source: string,
): string[] {
  const one = { name: "one", rules: { rule } };
  return Deno.lint.runPlugin(one, path, source).map(({ message }) => message);
}

/** Every place of a source that names another module, as a rule sees them. @param path says which kind of source it is. */
export function sitesOf(source: string, path = "a.ts"): ImportSite[] {
  const sites: ImportSite[] = [];
  const rule = { create: () => importSites((site) => sites.push(site)) };
  said(rule, path, source);
  return sites;
}
