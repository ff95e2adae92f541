/** FS_IOC_SHUTDOWN of Linux, and its flag for "as it lies on the disk": neither data nor journal are written any more. */
const SHUTDOWN = { call: "0x8004587D", nothingWritten: 2 } as const;
const SIZE = "8G";

/**
 * A disk of its own, whose power can be cut: what a program did not sync, or the system not write by itself, is gone.
 * An ext4 in a sparse file; mounting it wants root.
 */
export class CutDisk {
  /** What is mounted there is on the disk. */
  readonly folder: string;
  readonly #image: string;

  private constructor(folder: string) {
    this.folder = `${folder}/disk`;
    this.#image = `${folder}/disk.img`;
  }

  /**
   * An empty disk.
   *
   * @param folder is there, on another disk.
   * @throws Error where there can't be one on this host.
   */
  static mounted(folder: string): CutDisk {
    const disk = new CutDisk(folder);
    Deno.mkdirSync(disk.folder);
    run("truncate", ["-s", SIZE, disk.#image]);
    run("mkfs.ext4", ["-q", disk.#image]);
    disk.mount();
    return disk;
  }

  mount(): void {
    run("mount", ["-o", "loop", this.#image, this.folder]);
  }

  /** From now on every write fails, and {@link mount} finds what the disk has. Whoever holds a file of it has to end before. */
  cut(): void {
    const { call, nothingWritten } = SHUTDOWN;
    const script =
      `open(F, "<", $ARGV[0]) or die $!; my $how = pack("L", ${nothingWritten}); ioctl(F, ${call}, $how) or die $!`;
    run("perl", ["-e", script, this.folder]);
  }

  unmount(): void {
    run("umount", [this.folder]);
  }

  /** Lazily: a process that is about to end may still hold a file of it. */
  [Symbol.dispose](): void {
    run("umount", ["-l", this.folder]);
  }
}

/** @throws Error with what the command said, also where there is no such command. */
function run(command: string, args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(command, { args: [...args] })
    .outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}

/** Why the power of a disk can't be cut on this host; null where it can. */
export function whyNoPowerCut(): string | null {
  const folder = Deno.makeTempDirSync({ prefix: "agentnet-disk-" });
  try {
    using disk = CutDisk.mounted(folder);
    disk.cut();
    return null;
  } catch (error) {
    return `no disk to cut: ${error instanceof Error ? error.message : error}`;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
