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
  /** @param changes whether there is anything to end: what is only proposed to a log has an effect all the same. */
  const applied = (changes: boolean, effects: readonly Effect[]) => {
    apply(effects);
    return changes;
  };
  switch (ask.kind) {
    case "list":
      return core.view(now());
    case "stats":
      return figures();
    case "admit": {
      const effects = core.admit(ask.lists);
      return applied(effects.length > 0, effects);
    }
    case "kick":
      return applied(core.hasAgent(ask.agent), core.kick(ask.agent, now()));
    case "ban":
      return core.isBanned(ask.agent) !== ask.isBanned &&
        applied(true, core.ban(ask.agent, ask.isBanned, now()));
    case "is_banned":
      return core.isBanned(ask.agent);
    case "close":
      return applied(core.hasRoom(ask.room), core.closeRoom(ask.room, now()));
    case "cluster":
      return core.cluster();
    default:
      return unreachable(ask);
  }
}
