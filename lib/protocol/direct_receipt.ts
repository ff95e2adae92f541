/**
 * Whether a message to one agent tells what became of messages of his (protocol.md section 16). What it says is sealed; a
 * relay keeps the last one alone.
 */
export function isDirectReceipt(text: string): boolean {
  return text.startsWith("agentnet-e2e-1.g.");
}
