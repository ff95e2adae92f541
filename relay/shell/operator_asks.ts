import { unreachable } from "../../lib/protocol/frames.ts";
import type { RelayCore } from "../core/core.ts";
import type { Effect, Now } from "../core/events.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";

export interface AskedRelay {
  readonly core: RelayCore;
  readonly now: () => Now;
  readonly figures: () => Readonly<Record<string, number>>;
  readonly apply: (effects: readonly Effect[]) => void;
}

/** Does what the operator asks of a running relay. */
export function answerOperator(
  ask: OperatorAsk,
  { core, now, figures, apply }: AskedRelay,
): OperatorAnswers[OperatorAsk["kind"]] {
  /** Whether there was anything to apply. */
  const applied = (effects: readonly Effect[]) => {
    apply(effects);
    return effects.length > 0;
  };
  switch (ask.kind) {
    case "list":
      return core.view(now());
    case "stats":
      return figures();
    case "admit":
      return applied(core.admit(ask.lists));
    case "kick":
      return applied(core.kick(ask.agent, now()));
    case "close":
      return applied(core.closeRoom(ask.room, now()));
    default:
      return unreachable(ask);
  }
}
