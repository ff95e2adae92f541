import assert from "node:assert/strict";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** `send tea WORD --json` where a shell's printf makes the word; its exit code and the code of its error. */
async function sendWord(word: string, shell = "/bin/sh") {
  const folder = await Deno.makeTempDir();
  try {
    const child = new Deno.Command("/bin/sh", {
      args: [
        "-c",
        `exec "$@" "$(printf '${word}')" --json`,
        "sh",
        ...[shell, LAUNCHER, "send", "tea"],
      ],
      env: {
        AGENTNET_DATA_DIR: folder,
        AGENTNET_API: "127.0.0.1:9",
        DENO: Deno.execPath(),
      },
    });
    const { code, stdout } = await child.output();
    const { error } = JSON.parse(new TextDecoder().decode(stdout));
    return [code, error.code, error.message];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("send: a word that is not UTF-8 is refused, as standard input is", async () => {
  const reason =
    "the command line holds what the wire can't carry: bytes that are not UTF-8";
  const words = {
    "a lone byte": "a\\377b",
    "overlong": "\\300\\200",
    "a surrogate": "\\355\\240\\200",
    "past the last character": "\\364\\220\\200\\200",
    "cut off": "\\342\\202",
    "Latin-1": "caf\\351",
  };
  for (const [name, word] of Object.entries(words)) {
    assert.deepEqual(await sendWord(word), [2, "TEXT_INVALID", reason], name);
  }
});

Deno.test("send: a word that is UTF-8 goes on, U+FFFD too, whatever the shell", async () => {
  const words = [
    "caf\\303\\251",
    "\\357\\277\\275",
    "\\360\\235\\204\\236 \\346\\274\\242\\n\\ttab",
    "\\355\\237\\277 \\356\\200\\200 \\364\\217\\277\\277",
  ];
  for (const word of words) {
    for (const shell of ["/bin/sh", "/bin/bash"]) {
      const [code, name] = await sendWord(word, shell);
      assert.deepEqual([code, name], [3, "NO_DAEMON"], `${shell} ${word}`);
    }
  }
});
