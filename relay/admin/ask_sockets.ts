import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";

/** Asks the socket worker. @throws {Failure} INTERNAL when it does not answer. */
export type AskSockets = <K extends OperatorAsk["kind"]>(
  ask: Extract<OperatorAsk, { kind: K }>,
) => Promise<OperatorAnswers[K]>;
