import { Failure } from "../errors.ts";
import { apiAddressText, DEFAULT_API, parseApiAddress } from "./address.ts";
import { chosenDataDir } from "./data_dir_choice.ts";
import { defined } from "../defined.ts";

/** Where a daemon is, and what it wants to be shown. */
export interface DaemonPlace {
  /** `host:port`, loopback. */
  readonly address: string;
  readonly token: string;
  /** The identity that its data dir was chosen by, for the words of an error. */
  readonly as?: string;
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
  const { path: dir, as } = chosenDataDir(input);
  const written = direct === undefined
    ? await readSmall(input, `${dir}/api.addr`)
    : undefined;
  const address = checked(direct ?? written ?? envApi ?? DEFAULT_API);
  const token = envToken ?? await readSmall(input, `${dir}/api.token`);
  if (token === undefined) {
    throw new Failure("NO_DAEMON", { fields: { address, as } });
  }
  return { address, token, ...defined({ as }) };
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
