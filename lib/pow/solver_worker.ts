// Worker entry: searches for proofs with no permission at all. Takes the
// messages of messages.ts on its own scope and on ports handed to it.

import type { PowChannel, PowReport } from "./search_messages.ts";
import { serveSolver } from "./solver_service.ts";

serveSolver(globalThis as unknown as PowChannel<PowReport>);
