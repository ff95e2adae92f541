/** Agent programs of the npm registry, in the versions that the tests know. */
const VERSIONS = {
  "@anthropic-ai/claude-code": "2.1.332",
  "@openai/codex": "0.171.0",
  "opencode-ai": "1.18.33",
} as const;

/** A program that npm has put into a folder of its own. */
export interface AgentProgram extends AsyncDisposable {
  /** Path of its command. */
  readonly path: string;
}

/**
 * Fetches a program.
 *
 * @returns null where it can't be had, with a word why on the console: the test has nothing to try then.
 */
export async function agentProgram(
  name: keyof typeof VERSIONS,
  command: string,
): Promise<AgentProgram | null> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-program-" });
  const path = `${folder}/node_modules/.bin/${command}`;
  const why = await fetched(folder, `${name}@${VERSIONS[name]}`) ??
    await trouble(path, ["--version"]) ??
    await trouble("script", ["--version"]);
  const remove = () => Deno.remove(folder, { recursive: true });
  if (why === undefined) return { path, [Symbol.asyncDispose]: remove };
  console.log(`skipped: ${name} can't be had here: ${why}`);
  await remove();
  return null;
}

function fetched(folder: string, wanted: string): Promise<string | undefined> {
  return trouble("npm", [
    ...["install", "--prefix", folder, "--no-audit", "--no-fund"],
    ...["--no-save", "--loglevel", "error", wanted],
  ]);
}

/** Why a command does not end well, in its last line; undefined where it does. */
async function trouble(
  command: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(command, {
      ...{ args: [...args], stdout: "null", stderr: "piped", stdin: "null" },
    }).output();
    const told = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    return success ? undefined : told || "it failed";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `no ${command}`;
    throw error;
  }
}
