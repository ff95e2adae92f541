import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";

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

export interface LoggerOptions {
  readonly format: LogFormat;
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** Takes one whole line, its end included. */
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

const CATEGORY = "agentnet";

/** Makes the log of this thread, of which there is one: a second call replaces the first. */
export function createLogger(options: LoggerOptions): Logger {
  const format = options.format === "json" ? jsonLine : textLine;
  configureSync({
    reset: true,
    sinks: { lines: (record) => options.write(format(record, options.wall())) },
    loggers: [
      {
        category: [CATEGORY],
        sinks: ["lines"],
        lowestLevel: options.level === "warn" ? "warning" : options.level,
      },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "error" },
    ],
  });
  return bound({});
}

function bound(context: LogFields): Logger {
  const logger = getLogger([CATEGORY]);
  const merged = (fields: LogFields | undefined) => ({ ...context, ...fields });
  return {
    debug: (event, fields) => logger.debug(event, merged(fields)),
    info: (event, fields) => logger.info(event, merged(fields)),
    warn: (event, fields) => logger.warn(event, merged(fields)),
    error: (event, fields) => logger.error(event, merged(fields)),
    with: (fields) => bound(merged(fields)),
  };
}

function jsonLine(record: LogRecord, wall: number): string {
  const line = {
    time: new Date(wall).toISOString(),
    level: levelOf(record),
    event: eventOf(record),
    ...record.properties,
  };
  return escapeControls(JSON.stringify(line)) + "\n";
}

function textLine(record: LogRecord, wall: number): string {
  const fields = Object.entries(record.properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`
    );
  const line = `${new Date(wall).toISOString()} ${levelOf(record).padEnd(5)} ${
    eventOf(record)
  }${fields.join("")}`;
  return escapeControls(line) + "\n";
}

function levelOf(record: LogRecord): string {
  return record.level === "warning" ? "warn" : record.level;
}

function eventOf(record: LogRecord): string {
  return record.message.map(String).join("");
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
