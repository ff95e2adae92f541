import { systemClock } from "../../lib/clock.ts";
import { loopbackFetch } from "../../lib/local_api/loopback_fetch.ts";
import { outputClosed } from "./output_closed.ts";
import type { CliContext, CliOutput, LockState } from "./cli_context.ts";

/** How long to wait before a pipe that is full is tried again, in milliseconds. */
const FULL_PIPE_MS = 5;

/** The context of a real process. Nothing of it is read before a command asks. */
export function denoContext(): CliContext {
  // Few commands write or move files: what does is loaded with the first of them.
  return {
    stdout: output(Deno.stdout),
    stderr: output(Deno.stderr),
    env: (name) => Deno.env.get(name),
    readStdin: (most) => readAtMost(Deno.stdin, most),
    readStdinLine: readLine,
    openStdin: () => Deno.stdin.readable.pipeThrough(new TextDecoderStream()),
    readFile: async (path, most) => {
      using file = await Deno.open(path, { read: true });
      return await readAtMost(file, most);
    },
    openFile: async (path) => {
      const file = await Deno.open(path, { read: true });
      return file.readable.pipeThrough(new TextDecoderStream());
    },
    createFile: async (path) => {
      const { createFile } = await import("./new_file_on_disk.ts");
      return await createFile(path);
    },
    // Two small files before every command: a thread of their own would cost half a millisecond each.
    readTextFile: (path) =>
      new Promise((resolve) => resolve(Deno.readTextFileSync(path))),
    // As the files above: it is looked at before every command.
    lockState: (path) => new Promise((resolve) => resolve(lockState(path))),
    fetch: loopbackFetch,
    stream: async (url, request) => {
      const { loopbackStream } = await import(
        "../../lib/local_api/loopback_stream.ts"
      );
      return await loopbackStream(url, request);
    },
    files: {
      open: async (path) => (await filesOnDisk()).open(path),
      realPath: async (path) => (await filesOnDisk()).realPath(path),
      within: async (folders) => (await filesOnDisk()).within(folders),
    },
    clock: systemClock,
    deadline: (ms) => AbortSignal.timeout(ms),
    environment: Deno.env,
    pid: () => Deno.pid,
    parentPid: () => Deno.ppid,
    hostname: () => Deno.hostname(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    onSignal: (signal, action) => {
      Deno.addSignalListener(signal, action);
      return () => Deno.removeSignalListener(signal, action);
    },
  };
}

async function filesOnDisk() {
  const { diskFiles } = await import("../../lib/attachments/disk_files.ts");
  return diskFiles;
}

/** A shared lock that is let go of at once: a daemon that starts at that moment tries again. */
function lockState(path: string): LockState {
  try {
    using file = Deno.openSync(path, { read: true });
    return file.tryLockSync(false) ? "free" : "held";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "absent";
    throw error;
  }
}

function output(
  stream: { writeSync(bytes: Uint8Array): number; isTerminal(): boolean },
): CliOutput {
  return {
    get isTerminal() {
      return stream.isTerminal();
    },
    write(text) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) {
        at += writeSome(stream, bytes.subarray(at), at > 0);
      }
    },
  };
}

function writeSome(
  stream: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
  isCut: boolean,
): number {
  try {
    return stream.writeSync(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.WouldBlock)) {
      throw outputClosed(error, isCut);
    }
    // Another process made the shared pipe non-blocking, and its reader is slow.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS);
    return 0;
  }
}

/** Byte by byte, so that nothing after the line is taken. */
async function readLine(most: number): Promise<string> {
  const bytes = new Uint8Array(most);
  for (let size = 0;; size++) {
    const isRead = size < most &&
      await Deno.stdin.read(bytes.subarray(size, size + 1)) === 1;
    if (isRead && bytes[size] !== 10) continue;
    return new TextDecoder().decode(bytes.subarray(0, size));
  }
}

/** Piece by piece: the runtime's streams cost a start 6 ms. */
async function readAtMost(
  source: { read(bytes: Uint8Array): Promise<number | null> },
  most: number,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(most + 1, 16 * 1024));
  for (let size = 0;;) {
    const read = await source.read(bytes.subarray(size));
    size += read ?? 0;
    if (read === null || size > most) return bytes.subarray(0, size);
    if (size === bytes.length) bytes = grown(bytes, most + 1);
  }
}

function grown(bytes: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(most, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
