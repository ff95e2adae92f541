import { parseArgs } from "node:util";
import { type Target, TARGETS } from "./targets.ts";
import { isInstallLine } from "../../lib/agent_settings/settings_text.ts";
import { defined } from "../../lib/defined.ts";

/** The relay that a file for agents' hosts is made for. */
export interface ClientOnly {
  /** Its addresses, ws:// or wss://, at least one; also the default of AGENTNET_RELAY. */
  readonly relays: readonly URL[];
}

/** In what a build differs from the source. */
export interface ProgramVariant {
  /** Set: no relay inside, that host and loopback as the only network. */
  readonly clientOnly?: ClientOnly;
  /** The line by which others get this build, which invitations show (lib/client/install_line.ts). */
  readonly install?: string;
}

/** What `deno task compile` was asked for. */
export interface BuildOptions extends ProgramVariant {
  /** Empty: this platform alone. */
  readonly targets: readonly Target[];
  /** Make the portable file without trying `deno compile` first. */
  readonly portable: boolean;
}

/** What `deno task release` was asked for. */
export interface ReleaseOptions extends Pick<ProgramVariant, "install"> {
  /** Accept that platforms are left out. */
  readonly partial: boolean;
}

/** Parsed options, or one line that says what is wrong. */
export type Parsed<Options> =
  | { readonly ok: true; readonly options: Options }
  | { readonly ok: false; readonly reason: string };

/** Reads the arguments of `deno task compile`. */
export function parseBuildOptions(
  args: readonly string[],
): Parsed<BuildOptions> {
  const values = readFlags<Flags>(args, {
    "client-only": { type: "boolean" },
    relay: { type: "string" },
    all: { type: "boolean" },
    portable: { type: "boolean" },
    ...INSTALL,
  });
  if (typeof values === "string") return { ok: false, reason: values };
  const clientOnly = readClientOnly(values);
  if (typeof clientOnly === "string") return { ok: false, reason: clientOnly };
  const { install } = values;
  if (!isShown(install)) return { ok: false, reason: NOT_SHOWN };
  return {
    ok: true,
    options: {
      targets: values.all ? TARGETS : [],
      portable: values.portable ?? false,
      ...defined({ clientOnly, install }),
    },
  };
}

/** Reads the arguments of `deno task release`. */
export function parseReleaseOptions(
  args: readonly string[],
): Parsed<ReleaseOptions> {
  const values = readFlags<ReleaseFlags>(args, {
    partial: { type: "boolean" },
    ...INSTALL,
  });
  if (typeof values === "string") return { ok: false, reason: values };
  const { partial = false, install } = values;
  return isShown(install)
    ? { ok: true, options: { partial, ...defined({ install }) } }
    : { ok: false, reason: NOT_SHOWN };
}

const INSTALL = { install: { type: "string" } } as const;
const NOT_SHOWN =
  "--install can't be shown: one line, a package with its scope or a file by its path; agentnet alone is somebody else's npm package";

const isShown = (install: string | undefined) =>
  install === undefined || isInstallLine(install);

interface Flags {
  readonly "client-only"?: boolean;
  readonly relay?: string;
  readonly all?: boolean;
  readonly portable?: boolean;
  readonly install?: string;
}

interface ReleaseFlags {
  readonly partial?: boolean;
  readonly install?: string;
}

type FlagKinds = Readonly<
  Record<string, { readonly type: "boolean" | "string" }>
>;

function readFlags<Values>(
  args: readonly string[],
  options: FlagKinds,
): Values | string {
  try {
    return parseArgs({ args: [...args], options }).values as Values;
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
