import { Failure } from "../errors.ts";

/** A file or folder that could not be used, as FILE_TROUBLE. */
export function fileTrouble(
  action: string,
  { path, cause }: { readonly path: string; readonly cause: unknown },
): Failure {
  return new Failure("FILE_TROUBLE", {
    fields: { action, path, reason: reasonOf(cause) },
    cause,
  });
}

/** The kind of the error and what the system says; Deno's own advice on flags is of no use here. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause instanceof Deno.errors.NotCapable) {
    return "this program has no right to it";
  }
  return cause.message.split(": ", 1)[0] || cause.name;
}
