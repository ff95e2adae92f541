/** Whose words may wake this agent: those of its contacts, of everyone, of nobody. */
export const WAKE_POLICIES = ["contacts", "everyone", "off"] as const;
export type WakePolicy = typeof WAKE_POLICIES[number];
