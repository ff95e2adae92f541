/** SQLite's codes for a file that is broken, and for one that is none of its own (sqlite.org/rescode.html). */
const BROKEN_CODES = [11, 26] as const;

/** The index of words tells it in its own way, with codes that say nothing; a constraint of ours is told by its name. */
const WORDS =
  /malformed|not a database|another program|holds no (number|text)|vtable constructor failed|invalid fts5|fts5: corrupt|^constraint failed$/;

/** Whether SQLite, or who reads a row, says that the file is no database or a broken one. */
export function isDamage(error: unknown): boolean {
  const { errcode } = Object(error) as { readonly errcode?: unknown };
  // The lowest byte is the code, the others say more of it.
  const code = typeof errcode === "number" ? errcode & 0xff : 0;
  return BROKEN_CODES.some((one) => one === code) ||
    WORDS.test(error instanceof Error ? error.message : String(error));
}

/**
 * A file beside the mailbox that says that the mailbox was found damaged while it was used: not all of that shows when
 * it is opened, and what is not put aside then would never take a message again.
 */
export class DamageNote {
  readonly #path: string;

  constructor(mailbox: string) {
    this.#path = `${mailbox}.is-damaged`;
  }

  get isThere(): boolean {
    try {
      return Deno.statSync(this.#path).isFile;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /** @returns false where the disk takes no note of it: then it is met again at its next use. */
  write(): boolean {
    try {
      Deno.writeTextFileSync(this.#path, "", { mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  }

  remove(): void {
    Deno.removeSync(this.#path);
  }
}
