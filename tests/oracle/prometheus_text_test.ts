import assert from "node:assert/strict";
import { parsePrometheus, valueOf } from "./prometheus_text.ts";

const GOOD =
  '# HELP a_total What.\n# TYPE a_total counter\na_total{c="x\\"y"} 3\n';

Deno.test("parsePrometheus: a scrape as it should be, with an escaped label", () => {
  assert.equal(valueOf(parsePrometheus(GOOD), "a_total", { c: 'x"y' }), 3);
});

Deno.test("parsePrometheus: each fault is refused", () => {
  const histogram = "# HELP h H\n# TYPE h histogram\n";
  const faults = [
    GOOD.trimEnd(),
    GOOD + GOOD,
    GOOD + 'a_total{c="x\\"y"} 4\n',
    GOOD + "b 1\n",
    "a_total 3\n",
    "# TYPE a_total counter\na_total 3\n",
    "# HELP a A\n# TYPE a counter\na 3\n",
    GOOD.replace(" 3", " -3"),
    GOOD.replace(" 3", " three"),
    GOOD.replace('"} 3', "} 3"),
    `${histogram}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n`,
    `${histogram}h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n`,
  ];
  for (const text of faults) {
    assert.throws(() => parsePrometheus(text), Error, text);
  }
});
