import assert from "node:assert/strict";
import fc from "fast-check";
import { Counter, Gauge, Histogram as Reference, Registry } from "prom-client";
import { Histogram } from "../../../relay/shell/histogram.ts";
import {
  type Metric,
  METRICS_TYPE,
  metricsText,
} from "../../../relay/shell/metrics_text.ts";
import { parsePrometheus } from "../../oracle/prometheus_text.ts";

/** Any character, and often one that is escaped. */
const unit = fc.oneof(
  fc.constantFrom('"', "\\", "\n", "n"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const HELP = fc.string({ unit, minLength: 1 });
const LABEL = fc.string({ unit });
const ROWS = fc.uniqueArray(
  fc.tuple(LABEL, fc.double({ noNaN: true })),
  { selector: ([label]) => label },
);
const SECONDS = fc.array(
  fc.oneof(
    fc.constantFrom(0, 0.001, 0.5, 5),
    fc.double({ min: 0, max: 9, noNaN: true }),
  ),
);

Deno.test("metricsText: whatever is told, it says what prom-client says", async () => {
  const property = fc.asyncProperty(
    ...[HELP, ROWS, fc.nat(), SECONDS] as const,
    async (help, rows, count, seconds) => {
      const bounds = [0.001, 0.5, 5];
      const ours = new Histogram(bounds);
      for (const value of seconds) ours.observe(value);
      const metrics: Metric[] = [
        { name: "h", type: "histogram", help, samples: ours.samples() },
        { name: "c_total", type: "counter", help, samples: [{ value: count }] },
        {
          ...{ name: "g", type: "gauge", help },
          samples: rows.map(([label, value]) => ({
            label: ["kind", label],
            value,
          })),
        },
      ];
      const registry = new Registry();
      const registers = [registry];
      const theirs = new Reference(
        { name: "h", help, buckets: bounds, registers },
      );
      for (const value of seconds) theirs.observe(value);
      new Counter({ name: "c_total", help, registers }).inc(count);
      const gauge = new Gauge(
        { name: "g", help, labelNames: ["kind"], registers },
      );
      for (const [kind, value] of rows) gauge.set({ kind }, value);
      assert.equal(metricsText(metrics), await registry.metrics());
      assert.equal(METRICS_TYPE, registry.contentType);
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

Deno.test("metricsText: what is no finite number is read as the number that it is", () => {
  const samples = [NaN, Infinity, -Infinity].map((value, i) => ({
    ...{ label: ["of", `${i}`] as const, value },
  }));
  const text = metricsText([{ name: "g", type: "gauge", help: "G", samples }]);
  assert.match(text, /"0"\} NaN\n.*"1"\} \+Inf\n.*"2"\} -Inf\n/);
});

Deno.test("Histogram: a value at a bound is within it, one past the last in the whole alone", () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [1, 1.5, 2, 7]) histogram.observe(value);
  const text = metricsText([
    { name: "h", type: "histogram", help: "H", samples: histogram.samples() },
  ]);
  const samples = parsePrometheus(text).get("h")?.samples ?? [];
  assert.deepEqual(
    samples.map(({ labels, value }) => [labels.le, value]),
    [["1", 1], ["2", 3], ["+Inf", 4], [undefined, 11.5], [undefined, 4]],
  );
});
