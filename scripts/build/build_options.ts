import { parseArgs } from "node:util";
import { type Target, TARGETS } from "./targets.ts";
import { defined } from "../../lib/defined.ts";

/** The relay that a file for agents' hosts is made for. */
export interface ClientOnly {
  /** Its addresses, ws:// or wss://, at least one; also the default of AGENTNET_RELAY. */
  readonly relays: readonly URL[];
}

/** What `deno task compile` was asked for. */
export interface BuildOptions {
  /** Set: no relay inside, that host and loopback as the only network. */
  readonly clientOnly?: ClientOnly;
  /** Empty: this platform alone. */
  readonly targets: readonly Target[];
  /** Make the portable file without trying `deno compile` first. */
  readonly portable: boolean;
}

/** Parsed options, or one line that says what is wrong. */
export type ParsedOptions =
  | { readonly ok: true; readonly options: BuildOptions }
  | { readonly ok: false; readonly reason: string };

/** Reads the arguments of `deno task compile`. */
export function parseBuildOptions(args: readonly string[]): ParsedOptions {
  const values = readFlags(args);
  if (typeof values === "string") return { ok: false, reason: values };
  const clientOnly = readClientOnly(values);
  if (typeof clientOnly === "string") return { ok: false, reason: clientOnly };
  return {
    ok: true,
    options: {
      targets: values.all ? TARGETS : [],
      portable: values.portable ?? false,
      ...defined({ clientOnly }),
    },
  };
}

interface Flags {
  readonly "client-only"?: boolean;
  readonly relay?: string;
  readonly all?: boolean;
  readonly portable?: boolean;
}

function readFlags(args: readonly string[]): Flags | string {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "client-only": { type: "boolean" },
        relay: { type: "string" },
        all: { type: "boolean" },
        portable: { type: "boolean" },
      },
    }).values as Flags;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function readClientOnly(flags: Flags): ClientOnly | undefined | string {
  if (flags["client-only"] !== true) {
    return flags.relay === undefined
      ? undefined
      : "--relay goes with --client-only";
  }
  if (flags.relay === undefined) {
    return "--client-only needs --relay wss://host";
  }
  const relays: URL[] = [];
  for (const text of flags.relay.split(/,(?=wss?:)/)) {
    const relay = readRelay(text);
    if (typeof relay === "string") return relay;
    relays.push(relay);
  }
  return { relays };
}

function readRelay(text: string): URL | string {
  if (!URL.canParse(text)) return `'${text}' is not an address`;
  const relay = new URL(text);
  if (relay.protocol !== "wss:" && relay.protocol !== "ws:") {
    return "--relay starts with wss:// or ws://";
  }
  if (relay.username !== "" || relay.password !== "" || relay.hash !== "") {
    return "--relay holds no user, password or fragment";
  }
  return relay;
}
