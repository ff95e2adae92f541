/** One line of a metric. */
export interface Sample {
  /** Put behind the metric's name, as `_sum`; nothing without it. */
  readonly suffix?: string;
  /** Name and value. */
  readonly label?: readonly [string, string];
  readonly value: number;
}

/** A figure or several under one name. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** What it is, for people. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Media type of {@link metricsText}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Metrics as Prometheus reads them (prometheus.io, text format 0.0.4). */
export function metricsText(metrics: readonly Metric[]): string {
  return `${metrics.map(textOf).join("\n\n")}\n`;
}

function textOf({ name, type, help, samples }: Metric): string {
  return [
    `# HELP ${name} ${escaped(help)}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ suffix = "", label, value }) =>
      `${name}${suffix}${labelText(label)} ${valueText(value)}`
    ),
  ].join("\n");
}

function labelText(label: Sample["label"]): string {
  if (label === undefined) return "";
  const [name, value] = label;
  return `{${name}="${escaped(value).replaceAll('"', '\\"')}"}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function valueText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
