import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { saveFile } from "../../../lib/attachments/save_file.ts";
import { Failure } from "../../../lib/errors.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { sha256Of } from "../../fakes/fake_files.ts";

const bytes = new TextEncoder().encode("hello ".repeat(100));
const file = { name: "a", size: bytes.length, sha256: sha256Of(bytes) };

/** Saves what a daemon gives; the files that are left. */
async function save(
  given: readonly Uint8Array[],
  { ends, room = Infinity, there = [] as string[] }: {
    ends?: Failure;
    room?: number;
    there?: string[];
  } = {},
): Promise<Map<string, Uint8Array>> {
  const disk = new Map(there.map((path) => [path, new Uint8Array()]));
  const create = (path: string) => {
    if (disk.has(path)) {
      return Promise.reject(new Deno.errors.AlreadyExists(path));
    }
    disk.set(path, new Uint8Array());
    let isKept = false;
    return Promise.resolve({
      writeBytes: (piece: Uint8Array) => {
        const whole = joined(disk.get(path)!, piece);
        if (whole.length > room) return Promise.reject(new Error("disk full"));
        disk.set(path, whole as Uint8Array<ArrayBuffer>);
        return Promise.resolve();
      },
      keep: () => Promise.resolve(void (isKept = true)),
      [Symbol.asyncDispose]: () => {
        if (!isKept) disk.delete(path);
        return Promise.resolve();
      },
    });
  };
  const wanted = { query: { id: "x" }, file, path: "/out", create };
  const told: number[] = [];
  try {
    await saveFile(wanted, {
      async get(_query, write) {
        for (const piece of given) await write(piece);
        if (ends !== undefined) throw ends;
        return file;
      },
    }, (many) => told.push(many));
  } finally {
    left = disk;
  }
  deepStrictEqual(told.at(-1), bytes.length);
  return disk;
}

let left = new Map<string, Uint8Array>();

Deno.test("saveFile: writes the file as it is", async () => {
  const disk = await save([bytes.subarray(0, 99), bytes.subarray(99)]);
  deepStrictEqual(disk.get("/out"), bytes);
});

Deno.test("saveFile: of what is not the file nothing is left", async () => {
  const other = bytes.slice();
  other[7]! ^= 1;
  for (const given of [[other], [bytes.subarray(1)], [bytes, bytes], []]) {
    await rejects(save(given), { code: "FILE_ALTERED" });
    strictEqual(left.size, 0);
  }
});

Deno.test("saveFile: nor of what breaks off, or finds the disk full", async () => {
  const ends = new Failure("NOT_CONNECTED");
  await rejects(save([bytes], { ends }), { code: "NOT_CONNECTED" });
  strictEqual(left.size, 0);
  await rejects(save([bytes], { room: 100 }), { code: "FILE_TROUBLE" });
  strictEqual(left.size, 0);
});

Deno.test("saveFile: never over a file that is there", async () => {
  await rejects(
    save([bytes], { there: ["/out"] }),
    (error) =>
      error instanceof Failure && error.code === "FILE_EXISTS" &&
      /already/.test(error.message),
  );
  strictEqual(left.get("/out")?.length, 0);
});
