/** One thing that was looked at. */
export interface Finding {
  /** What, in a word or two. */
  readonly name: string;
  readonly level: "ok" | "warning" | "fault";
  /** What was found, one line. */
  readonly detail: string;
  /** How to mend it, unless it is ok. */
  readonly fix?: string;
}

/** All is well. */
export function ok(name: string, detail: string): Finding {
  return { name, level: "ok", detail };
}

/** It works, but could be better. */
export function warning(name: string, detail: string, fix: string): Finding {
  return { name, level: "warning", detail, fix };
}

/** It does not work. */
export function fault(name: string, detail: string, fix: string): Finding {
  return { name, level: "fault", detail, fix };
}
