import { Failure } from "../errors.ts";
import { isOpen, modeText } from "./open_modes.ts";

/** A file that was read, and whom it is open to. */
export interface TextAndMode {
  readonly text: string;
  /** Permission bits; null where the system has none. */
  readonly mode: number | null;
}

/** The modes are those of the file that was read, also where the path leads there by a link. Throws `Deno.errors`. */
export async function readWithMode(path: string): Promise<TextAndMode> {
  using file = await Deno.open(path);
  const { mode } = await file.stat();
  const text = await new Response(file.readable).text();
  return { text, mode: mode && mode & 0o7777 };
}

/**
 * Refuses a secret that group or others may use. It is left as it is: whoever opened it may have meant to, and who has read
 * it has it by now.
 *
 * @throws {Failure} SECRET_OPEN.
 */
export function requireClosed(path: string, mode: number | null): void {
  if (mode === null || !isOpen(mode)) return;
  throw new Failure("SECRET_OPEN", { fields: { path, mode: modeText(mode) } });
}
