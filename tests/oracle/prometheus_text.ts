/** One sample of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its samples. */
export interface Family {
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/;

/**
 * Reads the Prometheus text format 0.0.4 and refuses all that strays from it: HELP and TYPE before the samples of a
 * metric, once; the samples of one metric together; no series twice; every bucket at least as large as the one before,
 * the last one +Inf and equal to the count.
 */
export function parsePrometheus(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family & { samples: Sample[] }>();
  const seen = new Set<string>();
  let current = "";
  let help: { name: string; text: string } | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    if (line.startsWith("# HELP ")) {
      const [, name = "", words = ""] = /^# HELP (\S+) (.*)$/.exec(line) ?? [];
      if (families.has(name)) throw new Error(`${name} comes twice`);
      help = { name, text: words };
    } else if (line.startsWith("# TYPE ")) {
      const [, name = "", type] =
        /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
      if (type === undefined || help?.name !== name || !NAME.test(name)) {
        throw new Error(`no TYPE: ${line}`);
      }
      families.set(name, {
        help: help.text,
        type: type as Family["type"],
        samples: [],
      });
      current = name;
    } else {
      const sample = sampleOf(line);
      const family = families.get(current);
      if (family === undefined || !belongs(sample.name, current, family.type)) {
        throw new Error(`a sample out of place: ${line}`);
      }
      const series = sample.name + JSON.stringify(sample.labels);
      if (seen.has(series)) throw new Error(`twice: ${line}`);
      seen.add(series);
      family.samples.push(sample);
    }
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

/** The value of the one sample with just these labels. */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = JSON.stringify(labels);
  const found = families.get(name)?.samples.find((one) =>
    JSON.stringify(one.labels) === wanted
  );
  if (found === undefined) throw new Error(`no ${name} ${wanted}`);
  return found.value;
}

function sampleOf(line: string): Sample {
  const [, name = "", inner, number = ""] =
    /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!NAME.test(name)) throw new Error(`no sample: ${line}`);
  return { name, labels: labelsOf(inner ?? ""), value: numberOf(number) };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const [whole, name = "", value = ""] = LABEL.exec(rest) ?? [];
    if (whole === undefined || name in labels) {
      throw new Error(`labels: ${text}`);
    }
    labels[name] = value.replace(
      /\\([\\"n])/g,
      (_, c) => c === "n" ? "\n" : c,
    );
    rest = rest.slice(whole.length);
  }
  return labels;
}

function numberOf(text: string): number {
  if (text === "+Inf") return Infinity;
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) {
    throw new Error(`no number: ${text}`);
  }
  return Number(text);
}

function belongs(sample: string, name: string, type: Family["type"]): boolean {
  return type === "histogram"
    ? ["_bucket", "_sum", "_count"].some((end) => sample === name + end)
    : sample === name;
}

function check(name: string, { type, samples }: Family): void {
  if (type === "counter" && !name.endsWith("_total")) {
    throw new Error(`the counter ${name} does not end in _total`);
  }
  if (type === "counter" && samples.some(({ value }) => !(value >= 0))) {
    throw new Error(`${name} is below 0`);
  }
  if (type === "histogram") checkBuckets(name, samples);
}

function checkBuckets(name: string, samples: readonly Sample[]): void {
  const buckets = samples.filter((one) => one.name === `${name}_bucket`);
  const count = samples.find((one) => one.name === `${name}_count`)?.value;
  let before = { le: -Infinity, value: 0 };
  for (const { labels, value } of buckets) {
    const le = numberOf(labels.le ?? "");
    if (le <= before.le || value < before.value) {
      throw new Error(`the buckets of ${name} are out of order`);
    }
    before = { le, value };
  }
  if (before.le !== Infinity || before.value !== count) {
    throw new Error(`the last bucket of ${name} is not its count`);
  }
}
