import type { StreamConfig } from "@nats-io/jetstream";
import type { Failure } from "../../lib/errors.ts";
import { logTrouble } from "./log_trouble.ts";

/** The stream that holds the log, and the subject that batches are published to. */
export const LOG = { stream: "AN", subject: "an.log" } as const;

/** Copies of the log: of three servers one may be gone. */
const COPIES = 3;
const DAY_MS = 86_400_000;
const NANOS_PER_MS = 1_000_000;
/**
 * How large the log may grow unless its stream was made otherwise, in bytes: as much of it as the servers have room
 * for. Its oldest entries go first then.
 */
export const LOG_SIZES: readonly number[] = [16, 8, 4, 2, 1].map((gigabytes) =>
  gigabytes * 1024 ** 3
);

/** What makes a stream a log: only age and size take entries away, and only at its beginning. */
const REQUIRED = {
  retention: "limits",
  storage: "file",
  discard: "old",
  deny_delete: true,
  deny_purge: true,
} as const;

/** The stream as a relay makes it where there is none. */
export function wantedStream(
  keepMs: number,
  mostBytes: number,
): Partial<StreamConfig> & { readonly name: string } {
  return {
    name: LOG.stream,
    subjects: [LOG.subject],
    ...REQUIRED,
    num_replicas: COPIES,
    max_age: keepNanos(keepMs),
    max_bytes: mostBytes,
  };
}

/** A day more than history is kept: a relay that was down still finds its place. */
function keepNanos(keepMs: number): number {
  return (keepMs + DAY_MS) * NANOS_PER_MS;
}

/**
 * Checks a stream that is there already.
 *
 * @returns what a relay changes of it by itself, which loses nothing; null where it is as wanted.
 * @throws {Failure} LOG_UNUSABLE, with the setting named.
 */
export function checkStream(
  actual: StreamConfig,
  keepMs: number,
): Partial<StreamConfig> | null {
  const { name, subjects, num_replicas: copies, max_age: age } = actual;
  for (const [setting, wanted] of Object.entries(REQUIRED)) {
    const found = actual[setting as keyof typeof REQUIRED];
    if (found !== wanted) throw wrong(name, setting, `${found}`, `${wanted}`);
  }
  const subject = subjects.join(", ");
  if (subject !== LOG.subject) {
    throw wrong(name, "subjects", subject, LOG.subject);
  }
  if (copies < COPIES) {
    throw wrong(name, "num_replicas", `${copies}`, `${COPIES} or more`);
  }
  if (age === 0 || age >= keepNanos(keepMs)) return null;
  return { max_age: keepNanos(keepMs) };
}

function wrong(
  stream: string,
  setting: string,
  found: string,
  wanted: string,
): Failure {
  return logTrouble(
    `its stream ${stream} has ${setting} ${found} rather than ${wanted}`,
    `change it on the servers (nats stream edit ${stream}), or remove a stream that is not a relay's`,
  );
}
