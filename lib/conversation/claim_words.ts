import { Failure } from "../errors.ts";
import { makeVisible } from "../guards/visible.ts";
import { withSign } from "../guards/room_sign.ts";
import { backToText } from "./look_back.ts";
import type { Claimed } from "./claim.ts";

/** That somebody else was first; null where it is ours, or nobody knows yet. */
export function claimFailure({ first, mine }: Claimed): Failure | null {
  if (mine || first === null) return null;
  const fields = { key: makeVisible(first.from) };
  return new Failure("CLAIM_TAKEN", { fields });
}

/** The line that says whose it is. */
export function claimLine({ first, mine, sent, room }: Claimed): string {
  const where = withSign(makeVisible(room));
  if (first === null) {
    return `undecided in ${where}: run the same claim again once it is sent`;
  }
  if (!mine) return `taken in ${where} by ${makeVisible(first.from)}`;
  return sent === null ? `yours in ${where} already` : `yours in ${where}`;
}

/** Our own lines about how sure that is. */
export function claimNotes({ by, looked, unproven, first }: Claimed): string[] {
  if (first === null) return [];
  const { messages, complete } = looked;
  const since = backToText(looked);
  return [
    ...(complete ? [] : [
      messages === 1
        ? `only the last message was looked at${since}: an older claim may stand`
        : `only the last ${messages} messages were looked at${since}: an older claim may stand`,
    ]),
    ...(by === "seq" ? [] : [
      "this relay numbers no messages: the order of its history says who was first",
    ]),
    ...(unproven === 0 ? [] : [
      `${unproven} of the same words can't be checked, and count for nothing`,
    ]),
  ];
}

/** The one shape in which a claim is told as data, however it ended. */
export function claimJson(claimed: Claimed): object {
  const failure = claimFailure(claimed);
  return {
    ...(failure === null ? {} : { error: failure.toJson() }),
    ...claimed,
  };
}
