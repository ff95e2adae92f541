import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

const ROUNDS = 3;
/** The process is killed at a random time after it has acknowledged its first message. */
const LONGEST_LIFE_MS = 700;
const WRITER = new URL("../fakes/store_writer.ts", import.meta.url);

Deno.test("store: killed while it writes, three times over: no acknowledged message is missing or there twice", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "store-kill-" });
  try {
    const acknowledged = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const lines = await writeUntilKilled(folder, round);
      const ids = lines.map((line) => line.split(" "));
      assert.deepEqual(ids.filter(([kind]) => kind !== "stored"), []);
      for (const [, id = ""] of ids) if (id !== "-") acknowledged.add(id);
      assert.ok(lines.length > 1, `round ${round} stored something`);
    }
    const { kept, integrity, holes } = inspect(`${folder}/relay.db`);
    assert.equal(integrity, "ok");
    assert.equal(new Set(kept).size, kept.length);
    assert.deepEqual([...acknowledged.difference(new Set(kept))], []);
    assert.equal(holes, 0);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

/** The whole lines that the writer printed before it was killed. */
async function writeUntilKilled(
  folder: string,
  round: number,
): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      `--allow-write=${folder}`,
      WRITER.pathname,
      folder,
      `${round}`,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  let killer: ReturnType<typeof setTimeout> | undefined;
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    killer ??= setTimeout(
      () => child.kill("SIGKILL"),
      50 + Math.random() * LONGEST_LIFE_MS,
    );
    text += part;
  }
  clearTimeout(killer);
  assert.equal((await child.status).signal, "SIGKILL");
  return text.split("\n").slice(0, -1);
}

function inspect(path: string) {
  const sql = new DatabaseSync(path);
  try {
    const integrity = sql.prepare("PRAGMA integrity_check").get();
    const range = sql.prepare(
      "SELECT max(seq) - min(seq) + 1 - count(*) AS holes FROM messages",
    ).get();
    const kept = sql.prepare("SELECT id FROM messages").all();
    return {
      integrity: integrity?.integrity_check,
      holes: range?.holes,
      kept: kept.map(({ id }) => String(id)),
    };
  } finally {
    sql.close();
  }
}
