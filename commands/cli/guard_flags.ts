import { switchFlag } from "./flags.ts";

/** Flags by which a human lets pass what guards hold back. */
export const GUARD_FLAGS = {
  force: switchFlag("Send past the brakes on talking alone"),
  allowSecret: switchFlag("Send a text that looks like it holds a secret"),
} as const;

/** The definitions are {@link GUARD_FLAGS}. */
export interface GuardFlags {
  readonly force?: boolean;
  readonly allowSecret?: boolean;
}
