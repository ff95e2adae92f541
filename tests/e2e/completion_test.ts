// The scripts of `agentnet completion` in the shells that they are for.

import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

const BIN = decodeURIComponent(
  new URL("../../scripts", import.meta.url).pathname,
);

/** How each shell is asked what it proposes after a line, one a line. */
const ASKS = {
  bash: (words: readonly string[]) => `
    eval "$(agentnet completion bash)"
    COMP_WORDS=(agentnet ${words.map(quoted).join(" ")})
    COMP_CWORD=${words.length}
    $(complete -p agentnet | sed -E 's/.*-F ([^ ]+).*/\\1/')
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words: readonly string[]) => `
    autoload -Uz compinit && compinit -D -u
    eval "$(agentnet completion zsh)"
    [[ $_comps[agentnet] = _agentnet ]] || exit 9
    compadd() { shift; print -l -- "$@" }
    _files() { print FILES }
    words=(agentnet ${words.map(quoted).join(" ")})
    CURRENT=$#words
    _agentnet`,
  fish: (words: readonly string[]) => `
    agentnet completion fish | source
    complete -C ${quoted(`agentnet ${words.join(" ")}`)}`,
} as const;

function quoted(word: string): string {
  return `'${word}'`;
}

async function has(shell: string): Promise<boolean> {
  try {
    const asked = new Deno.Command(shell, { args: ["-c", "true"] });
    return (await asked.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  const isThere = await has(shell);
  const why = isThere ? "" : ` (ignored: ${shell} is not installed)`;
  Deno.test({
    name: `completion ${shell}: commands, flags and rooms at the prompt${why}`,
    ignore: !isThere,
    fn: () => walk(shell),
  });
}

async function walk(shell: keyof typeof ASKS): Promise<void> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  const proposals = async (...words: string[]) => {
    const script = ASKS[shell](words);
    const { code, stdout, stderr } = await new Deno.Command(shell, {
      args: shell === "zsh" ? ["-f", "-c", script] : ["-c", script],
      cwd: stage.folder,
      env: {
        HOME: `${stage.folder}/home`,
        PATH: `${BIN}:${Deno.env.get("PATH")}`,
        DENO_DIR: Deno.env.get("DENO_DIR") ??
          `${Deno.env.get("HOME")}/.cache/deno`,
        DENO: Deno.execPath(),
        AGENTNET_DATA_DIR: ada.dataDir,
      },
    }).output();
    const text = new TextDecoder();
    assert.equal(code, 0, text.decode(stderr) + text.decode(stdout));
    return text.decode(stdout).split("\n").filter((word) => word !== "");
  };
  assert.deepEqual((await proposals("wh")).sort(), ["who", "whoami"]);
  assert.deepEqual(await proposals("send", "--rep"), ["--reply-to"]);
  await ada.online({ relay: url });
  for (const room of ["tea", "tent"]) await ada.run(["create", room]);
  assert.deepEqual((await proposals("leave", "te")).sort(), ["tea", "tent"]);
  assert.deepEqual(await proposals("send", "ten"), ["tent"]);
  assert.ok((await proposals("join", "")).includes("tea"));
}
