/**
 * The section of a changelog that is about a version: what stands under its `## VERSION` heading.
 *
 * @returns null where there is none, or nothing in it.
 */
export function releaseNotes(
  changelog: string,
  version: string,
): string | null {
  const sections = changelog.split(/^## +/m).slice(1);
  const own = sections.find((section) => /^\S*/.exec(section)?.[0] === version);
  const text = own?.slice(own.indexOf("\n") + 1).trim();
  return text === undefined || text === "" || !own?.includes("\n")
    ? null
    : text + "\n";
}
