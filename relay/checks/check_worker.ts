// Worker entry: checks frames for the relay's sockets while they have more to do than one core can. It may touch
// nothing, and knows nothing but the keys of agents whose frames it was given.

import { systemClock } from "../../lib/clock.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import type { CheckInit, CheckJob, CheckResult } from "./check_messages.ts";
import { checkMemberFrame } from "./member_frame.ts";

const verifier = new Verifier();

function check({ agent, text }: CheckJob): CheckResult {
  const from = systemClock.monotonic();
  const checked = checkMemberFrame(text, agent, verifier);
  return { checked, ms: systemClock.monotonic() - from };
}

const scope = self as unknown as WorkerScope;
serveKeeper(scope, {
  message: (data) => {
    const { port } = data as CheckInit;
    port.onmessage = ({ data }) =>
      port.postMessage((data as readonly CheckJob[]).map(check));
  },
  stop: () => {},
  // Its keeper starts another, and what had no answer is checked by who asked.
  uncaught: () => scope.close(),
});
