// What flags and variables of a daemon and of a relay are read by alike. What is wrong is a Failure USAGE that names
// the flag.

import { Failure } from "../errors.ts";
import { LOG_LEVELS, type LogFormat, type LogLevel } from "../log.ts";

/** A setting that can't be used, and what to write instead. */
export function wrongSetting(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}

/** @throws {Failure} USAGE for none of them. */
export function oneOf<T extends string>(
  flag: string,
  text: string,
  values: readonly T[],
): T {
  const value = values.find((one) => one === text);
  if (value !== undefined) return value;
  throw wrongSetting(
    `--${flag} can't be '${text}'`,
    `use ${values.join(", ")}`,
  );
}

/** How the log is written. */
export interface LogSettings {
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
}

/**
 * Reads --log-format (text) and --log-level (info).
 *
 * @throws {Failure} USAGE.
 */
export function readLogSettings(flags: {
  readonly logFormat?: string | undefined;
  readonly logLevel?: string | undefined;
}): LogSettings {
  return {
    logFormat: oneOf("log-format", flags.logFormat ?? "text", ["text", "json"]),
    logLevel: oneOf("log-level", flags.logLevel ?? "info", LOG_LEVELS),
  };
}

/** The URL as the runtime writes it, or null for one that can't be read or has another scheme ("https:"). */
export function urlOf(text: string, schemes: readonly string[]): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && schemes.includes(url.protocol) ? url.href : null;
}
