import {
  WAKE_POLICIES,
  type WakePolicy,
} from "../../lib/local_api/wake_policy.ts";

/** Who may wake, as a flag. */
export interface WakeFlags {
  readonly wake?: WakePolicy;
}

export const WAKE_FLAG = {
  wake: {
    kind: "enum",
    values: WAKE_POLICIES,
    optional: true,
    brief: "Whose messages wake (contacts)",
  },
} as const;
