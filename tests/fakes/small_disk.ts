/** A file system of a few megabytes in a folder, which can be filled to the last byte; mounting one wants root. */
export class SmallDisk {
  readonly #folder: string;

  /** @param folder is there and empty */
  constructor(folder: string, megabytes: number) {
    this.#folder = folder;
    const options = `size=${megabytes}m,mode=0700`;
    run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  }

  /** Takes what is left, whatever others freed since the last time. */
  fill(): void {
    run("sh", ["-c", `cat /dev/zero >> '${this.#filler}' 2>/dev/null; true`]);
  }

  free(): void {
    Deno.removeSync(this.#filler);
  }

  /** Lazily: a process that is about to end may still hold a file of it. */
  [Symbol.dispose](): void {
    run("umount", ["-l", this.#folder]);
  }

  get #filler(): string {
    return `${this.#folder}/filler`;
  }
}

function run(command: string, args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(command, { args: [...args] })
    .outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
