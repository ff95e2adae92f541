import type { LogFields, Logger, LogLevel } from "./log.ts";

/** One line on its way to the thread that writes the log. */
export interface LogMessage {
  readonly type: "log";
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

/** The log of a worker: its keeper writes the lines. */
export function workerLogger(
  tell: (message: LogMessage) => void,
  bound: LogFields = {},
): Logger {
  const at = (level: LogLevel) => (event: string, fields: LogFields = {}) =>
    tell({ type: "log", level, event, fields: { ...bound, ...fields } });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => workerLogger(tell, { ...bound, ...fields }),
  };
}
