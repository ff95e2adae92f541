/** How far this agent's daemon tells authors who ask for it what became of their messages. */
export const RECEIPT_POLICIES = ["shown", "delivered", "off"] as const;
export type ReceiptPolicy = typeof RECEIPT_POLICIES[number];
