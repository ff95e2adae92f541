import { Failure } from "../errors.ts";
import { apiAddressText, DEFAULT_API, parseApiAddress } from "./address.ts";

/** Where a daemon is, and what it wants to be shown. */
export interface DaemonPlace {
  /** `host:port`, loopback. */
  readonly address: string;
  readonly token: string;
}

/** What the place is found by. */
export interface LocateInput {
  readonly env: (name: string) => string | undefined;
  /** `--api`, which wins over everything. */
  readonly api?: string;
  /** `--data-dir`. */
  readonly dataDir?: string;
  /** Rejects with `Deno.errors.NotFound` where there is no such file. */
  readonly readTextFile: (path: string) => Promise<string>;
}

/** Longest content of a token or address file that is looked at. */
const MOST = 512;

/**
 * The data dir: `--data-dir`, AGENTNET_DATA_DIR, or `.agentnet` in the home folder.
 *
 * @throws {Failure} USAGE when there is no home folder either.
 */
export function dataDirOf(input: Pick<LocateInput, "env" | "dataDir">): string {
  const named = input.dataDir ?? input.env("AGENTNET_DATA_DIR");
  if (named !== undefined && named !== "") return named;
  const home = input.env("HOME") ?? input.env("USERPROFILE");
  if (home !== undefined && home !== "") return `${home}/.agentnet`;
  throw new Failure("USAGE", {
    fields: {
      reason: "there is no home folder to keep the agent's files in",
      fix: "set AGENTNET_DATA_DIR or pass --data-dir",
    },
  });
}

/**
 * Finds the daemon of a data dir. The address that it wrote beside its pid is believed before AGENTNET_API, since
 * the token belongs to it; a token of the environment goes with the address of the environment.
 *
 * @throws {Failure} NO_DAEMON without a token, API_NOT_LOOPBACK for an address outside this host.
 */
export async function locateDaemon(input: LocateInput): Promise<DaemonPlace> {
  const envToken = nonEmpty(input.env("AGENTNET_TOKEN"));
  const envApi = nonEmpty(input.env("AGENTNET_API"));
  const direct = input.api ?? (envToken === undefined ? undefined : envApi);
  if (direct !== undefined && envToken !== undefined) {
    return { address: checked(direct), token: envToken };
  }
  const dir = dataDirOf(input);
  const written = direct === undefined
    ? await readSmall(input, `${dir}/api.addr`)
    : undefined;
  const address = checked(direct ?? written ?? envApi ?? DEFAULT_API);
  const token = envToken ?? await readSmall(input, `${dir}/api.token`);
  if (token === undefined) {
    throw new Failure("NO_DAEMON", { fields: { address } });
  }
  return { address, token };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function checked(text: string): string {
  const address = parseApiAddress(text);
  if (address === null) {
    throw new Failure("API_NOT_LOOPBACK", { fields: { address: text } });
  }
  return apiAddressText(address);
}

async function readSmall(
  input: LocateInput,
  path: string,
): Promise<string | undefined> {
  try {
    return (await input.readTextFile(path)).slice(0, MOST).trim();
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    const reason = error instanceof Error ? error.name : String(error);
    throw new Failure("FILE_TROUBLE", {
      fields: { action: "read", path, reason },
      cause: error,
    });
  }
}
