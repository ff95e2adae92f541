import assert from "node:assert/strict";
import { whyNoPowerCut } from "../fakes/cut_disk.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { powerLoss } from "../scenarios/power_loss.ts";

const LACKS = whyNoPowerCut();

natsTest(
  "a cluster whose servers sync each write: the power of everything cut ten times, nothing acknowledged is lost or moved",
  async () => {
    const { acknowledged, lost } = await powerLoss({
      cuts: 10,
      sync: "always",
    });
    console.log(`${acknowledged} acknowledged`);
    assert.equal(lost, 0);
    assert.ok(acknowledged > 1_000, `only ${acknowledged} acknowledged`);
  },
  LACKS,
);

natsTest(
  "a cluster whose servers sync when they like: what was acknowledged is lost when the power is cut: --cluster-unsafe warns of it, and this disk can tell",
  async () => {
    const { acknowledged, lost } = await powerLoss({
      cuts: 1,
      sync: "default",
    });
    console.log(`${lost} of ${acknowledged} acknowledged lost`);
    assert.ok(lost > 0);
  },
  LACKS,
);
