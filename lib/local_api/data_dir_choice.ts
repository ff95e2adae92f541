import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";

/** What a data dir is chosen by. */
export interface DataDirInput {
  readonly env: (name: string) => string | undefined;
  /** `--data-dir`. */
  readonly dataDir?: string;
}

/** A data dir, and how it was chosen. */
export interface DataDirChoice {
  readonly path: string;
  /** The identity that it is of, where one was named and nothing else wins over it. */
  readonly as?: string;
}

const IDENTITY = /^[a-z0-9-]{1,32}$/;

/** Whether an identity can be called so. */
export const isIdentityName = (text: string) => IDENTITY.test(text);

/**
 * The identity that the environment names, AGENTNET_AS; `--as` stands there too (commands/cli/identity_flag.ts).
 *
 * @throws {Failure} USAGE for what is no name of one.
 */
export function identityOf(
  { env }: Pick<DataDirInput, "env">,
): string | undefined {
  const name = env("AGENTNET_AS") || undefined;
  return name === undefined ? undefined : checkedIdentity(name);
}

/** The name of an identity. @throws {Failure} USAGE for any other text. */
export function checkedIdentity(name: string): string {
  if (isIdentityName(name)) return name;
  throw new Failure("USAGE", {
    fields: {
      reason: `'${name}' can't be an identity's name`,
      fix: "use 1 to 32 of a-z, 0-9 and - after --as or in AGENTNET_AS",
    },
  });
}

/**
 * The data dir: `--data-dir`, AGENTNET_DATA_DIR, or in the home folder `.agentnet`, or `.agentnet/as/NAME` for an
 * identity.
 *
 * @throws {Failure} USAGE when there is no home folder either, or no such identity can be.
 */
export function chosenDataDir(input: DataDirInput): DataDirChoice {
  const as = identityOf(input);
  const named = namedDataDir(input);
  if (named !== undefined) return { path: named };
  const home = homeDataDir(input);
  return as === undefined
    ? { path: home }
    : { path: identityDir(home, as), ...defined({ as }) };
}

/** The path of {@link chosenDataDir}. */
export const dataDirOf = (input: DataDirInput): string =>
  chosenDataDir(input).path;

/** The data dir that is named by its path, which wins over an identity. */
export function namedDataDir(
  { env, dataDir }: DataDirInput,
): string | undefined {
  return (dataDir ?? env("AGENTNET_DATA_DIR")) || undefined;
}

/**
 * The default data dir, in which those of identities lie.
 *
 * @throws {Failure} USAGE where there is no home folder.
 */
export function homeDataDir({ env }: Pick<DataDirInput, "env">): string {
  const home = homeFolder(env);
  if (home !== undefined) return `${home}/.agentnet`;
  throw new Failure("USAGE", {
    fields: {
      reason: "there is no home folder to keep the agent's files in",
      fix: "set AGENTNET_DATA_DIR or pass --data-dir",
    },
  });
}

/** Where an identity's data dir lies. @param home the default data dir. */
export const identityDir = (home: string, as: string) => `${home}/as/${as}`;

/** The user's home; the launcher tells it where the runtime had to be given another (`clear_way` in scripts/rights.sh). */
export function homeFolder(env: DataDirInput["env"]): string | undefined {
  return env("AGENTNET_HOME") || env("HOME") || env("USERPROFILE") || undefined;
}
