/** What a line of the log says beside its event: facts, never message text, never secrets. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined>
>;

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof LOG_LEVELS[number];
export type LogFormat = "text" | "json";

/** The narrow log that the rest of the program sees. An event is a short fixed phrase. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log, with these fields on every line. */
  with(fields: LogFields): Logger;
}

/** A log that says nothing. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLogger,
};

/** Lines that were not written: not at all, or not to their end. */
export type LineLoss = "lost" | "cut";

export interface LoggerOptions {
  readonly format: LogFormat;
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** Takes whole lines, their ends included; says what became of them when they could not be written. */
  readonly write: (lines: string) => LineLoss | void;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

/** One line before it has a form. */
interface LogRecord {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

/** Makes a log. A line that can't be written is dropped; how many were is told before the next one that can. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, write, wall } = options;
  const format = options.format === "json" ? jsonLine : textLine;
  const lowest = LOG_LEVELS.indexOf(level);
  let dropped = 0;
  let isCut = false;
  return bound((record) => {
    if (LOG_LEVELS.indexOf(record.level) < lowest) return;
    const line = format(record, wall());
    const news = dropped === 0 ? "" : format(droppedLines(dropped), wall());
    // What was cut off in its middle gets its end first.
    const loss = write((isCut ? "\n" : "") + news + line);
    isCut = loss === "cut" || (isCut && loss === "lost");
    dropped = loss === undefined ? 0 : dropped + 1;
  }, {});
}

function droppedLines(lines: number): LogRecord {
  const event = "log lines could not be written";
  return { level: "warn", event, fields: { lines } };
}

function bound(
  take: (record: LogRecord) => void,
  context: LogFields,
): Logger {
  const at = (level: LogLevel) => (event: string, fields?: LogFields) =>
    take({ level, event, fields: { ...context, ...fields } });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => bound(take, { ...context, ...fields }),
  };
}

function jsonLine(record: LogRecord, wall: number): string {
  const line = {
    time: new Date(wall).toISOString(),
    level: record.level,
    event: record.event,
    ...record.fields,
  };
  return escapeControls(JSON.stringify(line)) + "\n";
}

function textLine(record: LogRecord, wall: number): string {
  const fields = Object.entries(record.fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`
    );
  const line = `${new Date(wall).toISOString()} ${
    record.level.padEnd(5)
  } ${record.event}${fields.join("")}`;
  return escapeControls(line) + "\n";
}

/** Control and format characters and line separators as backslash-u escapes: a log is read on terminals too, and a line stays a line. */
function escapeControls(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => {
    const units = Array.from({ length: c.length }, (_, i) => c.charCodeAt(i));
    return units.map((unit) => "\\u" + unit.toString(16).padStart(4, "0")).join(
      "",
    );
  });
}
