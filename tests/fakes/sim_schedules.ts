import fc from "fast-check";
import { type Broken, SimWorld } from "./sim_world.ts";

const number = fc.noBias(fc.nat(999));
const step = fc.tuple(number, number, number);
const schedule = fc.record({
  steps: fc.array(step, { minLength: 150, maxLength: 200 }),
  /** A relay that stays dead. */
  dead: fc.constantFrom(null, null, 0, 1, 2),
});

/** What a cluster of three relays promises, whatever is lost, doubled, late, paused, killed, or shown by a wrong clock. */
export function schedules(
  broken: Broken = {},
): fc.IProperty<[{ steps: [number, number, number][]; dead: number | null }]> {
  return fc.property(schedule, ({ steps, dead }) => {
    const world = new SimWorld(broken);
    const lost = dead === null ? null : world.relays[dead] ?? null;
    try {
      world.begin();
      for (const [kind, one, two] of steps) world.act(kind, one, two);
      world.heal(lost);
      world.check(lost);
    } finally {
      world.close();
    }
  });
}
