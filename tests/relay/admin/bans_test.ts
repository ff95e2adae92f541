import assert from "node:assert/strict";
import { Bans } from "../../../relay/admin/bans.ts";
import { agent } from "../../fakes/agents.ts";

const [ada, bob] = [agent(1).id, agent(2).id];

/** A disk with one file, which can be made to fail. */
class OneFile {
  text: string | null = null;
  isFull = false;
  writes = 0;

  readText(): Promise<string> {
    return this.text === null
      ? Promise.reject(new Deno.errors.NotFound("no file"))
      : Promise.resolve(this.text);
  }

  async writeWhole(_path: string, text: string): Promise<void> {
    this.writes++;
    await Promise.resolve();
    if (this.isFull) throw new Error("no space");
    this.text = text;
  }
}

Deno.test("Bans: what was banned is banned for the next one that reads the file", async () => {
  const disk = new OneFile();
  const bans = await Bans.read("bans.txt", disk);
  assert.deepEqual(await Promise.all([bans.add(ada), bans.add(bob)]), [
    true,
    true,
  ]);
  assert.equal(await bans.add(ada), false);
  assert.equal(disk.writes, 2);
  const again = await Bans.read("bans.txt", disk);
  assert.deepEqual([...again.ids], [ada, bob]);
  assert.equal(await again.remove(ada), true);
  assert.equal(await again.remove(ada), false);
  assert.deepEqual([...(await Bans.read("bans.txt", disk)).ids], [bob]);
});

Deno.test("Bans: a ban that can't be written is not in force, and later ones work", async () => {
  const disk = new OneFile();
  const bans = await Bans.read("bans.txt", disk);
  disk.isFull = true;
  await assert.rejects(bans.add(ada), { code: "FILE_TROUBLE" });
  assert.equal(bans.ids.has(ada), false);
  disk.isFull = false;
  assert.equal(await bans.add(ada), true);
});

Deno.test("Bans.read: a file with something else in it is refused, with the line", async () => {
  const disk = new OneFile();
  disk.text = `# by hand\n${ada} # spam\nnobody\n`;
  await assert.rejects(Bans.read("bans.txt", disk), /line 3/);
  const unreadable = {
    readText: () => Promise.reject(new Deno.errors.PermissionDenied("no")),
    writeWhole: () => Promise.resolve(),
  };
  await assert.rejects(Bans.read("bans.txt", unreadable), {
    code: "FILE_TROUBLE",
  });
});
