/** Whose words may wake this agent: those of its contacts, of everyone, of nobody. */
export const WAKE_POLICIES = ["contacts", "everyone", "off"] as const;
export type WakePolicy = typeof WAKE_POLICIES[number];

/** Who may wake, and for some rooms another choice. */
export interface WakePolicies {
  readonly all: WakePolicy;
  readonly rooms: Readonly<Record<string, WakePolicy>>;
}

/** Where nobody chose. */
export const WAKE_DEFAULT: WakePolicies = { all: "contacts", rooms: {} };
