/** Flags that every command which talks to the daemon takes. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly api?: string;
  readonly dataDir?: string;
}

const text = (value: string) => value;

/** Flag that asks for data instead of text. */
export const JSON_FLAG = {
  json: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Answer with one line of JSON",
  },
} as const;

/** The definitions of {@link CommonFlags}. */
export const COMMON_FLAGS = {
  ...JSON_FLAG,
  api: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "host:port",
    brief: "Address of the daemon's API (AGENTNET_API)",
  },
  dataDir: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "dir",
    brief: "Folder of the identity (AGENTNET_DATA_DIR)",
  },
} as const;

interface ValueFlag {
  readonly kind: "parsed";
  readonly parse: (value: string) => string;
  readonly optional: true;
  readonly placeholder: string;
  readonly brief: string;
}

/** A flag that may be left out and takes a text. */
export function textFlag(placeholder: string, brief: string): ValueFlag {
  return { kind: "parsed", parse: text, optional: true, placeholder, brief };
}

interface SwitchFlag {
  readonly kind: "boolean";
  readonly optional: true;
  readonly withNegated: false;
  readonly brief: string;
}

/** A flag that is there or not. */
export function switchFlag(brief: string): SwitchFlag {
  return { kind: "boolean", optional: true, withNegated: false, brief };
}

interface ReadFlag<T> {
  readonly kind: "parsed";
  readonly parse: (value: string) => T;
  readonly optional: true;
  readonly placeholder: string;
  readonly brief: string;
}

/** A flag that may be left out, with a reader of its own. */
export function readFlag<T>(
  parse: (value: string) => T,
  placeholder: string,
  brief: string,
): ReadFlag<T> {
  return { kind: "parsed", parse, optional: true, placeholder, brief };
}

/** Words of a line: any number of them. */
export function words(placeholder: string, brief: string) {
  return {
    kind: "array",
    parameter: { parse: text, placeholder, brief },
  } as const;
}

/** One word. */
export function word(placeholder: string, brief: string) {
  return { parse: text, placeholder, brief };
}
