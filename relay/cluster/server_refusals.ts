import { PermissionViolationError } from "@nats-io/transport-node";
import type { Failure } from "../../lib/errors.ts";
import { logTrouble } from "./log_trouble.ts";

// What the servers, or their client, say where they don't do what was asked.

/** What the servers forbid, also where the client says it of a request. */
export function violationOf(thrown: unknown): PermissionViolationError | null {
  if (thrown instanceof PermissionViolationError) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined
    ? violationOf(thrown.cause)
    : null;
}

export function mayNot(error: PermissionViolationError): Failure {
  return logTrouble(
    `the servers let this relay's user not do all that it needs (${error.message})`,
    "give the user the permissions of docs/operating-a-cluster.md",
    error,
  );
}
