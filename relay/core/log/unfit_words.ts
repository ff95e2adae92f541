// Why a relay of a cluster can't serve as it is, for its log and its status.

/** The log goes on by rules that the program does not have. */
export function outdated(rules: number, knows: number): string {
  return `the log goes on by rules of version ${rules}, and this program knows ${knows}; run the newer one`;
}

/** Another relay says that it has the same name. */
export function nameInUse(node: string): string {
  return `another relay goes by the name '${node}'; each needs a --node of its own`;
}

/** A batch that can't be applied to its end. */
export function notApplied(position: number, thrown: unknown): string {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return `place ${position} of the log can't be applied: ${reason}`;
}
