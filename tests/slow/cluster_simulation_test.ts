import fc from "fast-check";
import { schedules } from "../fakes/sim_schedules.ts";

Deno.test("a simulated cluster: 2,000 schedules lose, double and reorder nothing, and all relays agree", () => {
  fc.assert(schedules(), { numRuns: 2_000 });
});
