// Whom a file or folder is open to, by its mode.

/** Whether group or others may do anything with it. */
export function isOpen(mode: number): boolean {
  return (mode & 0o077) !== 0;
}

/** The mode's nine bits as `0755`. */
export function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, "0");
}

/** What the user is told of one that was closed to others. */
export function closedWarning(
  path: string,
  { was, now }: { readonly was: number; readonly now: number },
): string {
  return `${path} was open to others (mode ${
    modeText(was)
  }) and is now closed (${modeText(now)})`;
}
