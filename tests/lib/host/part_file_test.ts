import assert from "node:assert/strict";
import { partPath } from "../../../lib/host/left_parts.ts";
import { partFile } from "../../../lib/host/part_file.ts";

const chance = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const text = (words: string) => new TextEncoder().encode(words);
const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();

/** With a folder of its own, for the length of a test. */
async function inFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-part-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("partFile: has its name once it is kept, whole and for its user alone; before that it is a hidden part", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/report.pdf`;
    {
      await using file = await partFile(path, chance);
      await file.write(text("one "));
      const [part = "", ...others] = namesIn(folder);
      assert.match(part, /^\.report\.pdf\.agentnet-[0-9a-f]{16}\.part$/);
      assert.deepEqual(others, []);
      await file.write(text("two"));
      await file.keep();
    }
    assert.deepEqual(namesIn(folder), ["report.pdf"]);
    assert.equal(await Deno.readTextFile(path), "one two");
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  });
});

Deno.test("partFile: nothing is left of one that was not kept", async () => {
  await inFolder(async (folder) => {
    {
      await using file = await partFile(`${folder}/x`, chance);
      await file.write(text("half"));
    }
    assert.deepEqual(namesIn(folder), []);
  });
});

Deno.test("partFile: what has the name, or takes it meanwhile, stays as it is", async () => {
  await inFolder(async (folder) => {
    const there = { file: `${folder}/file`, link: `${folder}/link` };
    await Deno.writeTextFile(there.file, "mine");
    await Deno.symlink(`${folder}/nowhere`, there.link);
    for (const path of [there.file, there.link, folder]) {
      await assert.rejects(partFile(path, chance), Deno.errors.AlreadyExists);
    }
    const late = `${folder}/late`;
    {
      await using file = await partFile(late, chance);
      await file.write(text("theirs"));
      await Deno.writeTextFile(late, "mine");
      await assert.rejects(file.keep(), Deno.errors.AlreadyExists);
    }
    assert.deepEqual(namesIn(folder), ["file", "late", "link"]);
    assert.equal(await Deno.readTextFile(there.file), "mine");
    assert.equal(await Deno.readTextFile(late), "mine");
  });
});

Deno.test("partFile: what a killed writer left is removed; what is being written, and whatever else is there, stays", async () => {
  await inFolder(async (folder) => {
    const left = partPath(`${folder}/old.pdf`, chance(8));
    await Deno.writeTextFile(left, "half");
    const hex = "0123456789abcdef";
    const own = [
      ...["notes.part", ".notes.part", `.notes.${hex}.part`],
      ...[`notes.agentnet-${hex}.part`, `.x.agentnet-${hex}.part.txt`],
      ...[`.x.agentnet-${hex.slice(1)}.part`, `.x.agentnet-${hex}0.part`],
    ];
    for (const name of own) await Deno.writeTextFile(`${folder}/${name}`, "");
    await Deno.mkdir(`${folder}/.dir.agentnet-${hex}.part`);
    await Deno.symlink("notes.part", `${folder}/.link.agentnet-${hex}.part`);
    {
      await using first = await partFile(`${folder}/a`, chance);
      await using second = await partFile(`${folder}/b`, chance);
      await first.write(text("a"));
      await first.keep();
      await second.keep();
    }
    assert.deepEqual(
      namesIn(folder),
      [
        ...own,
        ...["a", "b", `.dir.agentnet-${hex}.part`],
        `.link.agentnet-${hex}.part`,
      ].toSorted(),
    );
    assert.equal(await Deno.readTextFile(`${folder}/a`), "a");
  });
});

Deno.test("partFile: where its part is gone, nothing is left by the name that it was to have", async () => {
  await inFolder(async (folder) => {
    {
      await using file = await partFile(`${folder}/x`, chance);
      await file.write(text("x"));
      for (const name of namesIn(folder)) {
        await Deno.remove(`${folder}/${name}`);
      }
      await assert.rejects(file.keep(), Deno.errors.NotFound);
    }
    assert.deepEqual(namesIn(folder), []);
  });
});

Deno.test("partFile: a part that was taken for a left one before it was locked is made anew", async () => {
  await inFolder(async (folder) => {
    const open = Deno.open;
    let opened = 0;
    try {
      Deno.open = async (path, options) => {
        const file = await open(path, options);
        if (options?.createNew && ++opened === 1) await Deno.remove(path);
        return file;
      };
      await using file = await partFile(`${folder}/x`, chance);
      await file.write(text("x"));
      await file.keep();
    } finally {
      Deno.open = open;
    }
    assert.equal(opened, 2);
    assert.equal(await Deno.readTextFile(`${folder}/x`), "x");
  });
});

Deno.test("partFile: the longest name there can be has a part, and where there is no folder the file is told of, not its part", async () => {
  await inFolder(async (folder) => {
    for (const name of ["n".repeat(255), "ü".repeat(127), "🫖".repeat(63)]) {
      await using file = await partFile(`${folder}/${name}`, chance);
      await file.keep();
    }
    assert.equal(namesIn(folder).length, 3);
    await assert.rejects(
      partFile(`${folder}/none/x`, chance),
      (error: Error) =>
        error.message.includes("none/x") &&
        !error.message.includes(".part"),
    );
  });
});
