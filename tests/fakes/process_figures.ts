// Figures of another process (Linux). Deno lets only a program with every permission read /proc, so a shell does.

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  return memory(pid, "VmRSS");
}

/**
 * Open file descriptors of a process, but for those of a relay's database: SQLite keeps that of a second connection,
 * which looks at the file, as long as the first one has it open; and for event loops, of which the runtime keeps that
 * of the first worker that ended.
 */
export function openFiles(pid: number): number {
  return Number(
    shell(`ls -l /proc/${pid}/fd | grep -cvE '/relay\\.db|anon_inode'`),
  );
}

/** Watches a process's memory until it is told to stop; returns the kernel's own figure of the peak over the start. */
export function watchMemory(pid: number): { stop(): number } {
  shell(`echo 5 > /proc/${pid}/clear_refs`);
  const start = residentBytes(pid);
  return { stop: () => memory(pid, "VmHWM") - start };
}

/** Processor time that a process has used, in seconds (100 ticks each). */
export function cpuSeconds(pid: number): number {
  const stat = shell(`cat /proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The value below which `part` (0 to 1) of the figures lie. */
export function percentile(figures: readonly number[], part: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[
    Math.min(sorted.length - 1, Math.floor(sorted.length * part))
  ] ?? NaN;
}

function memory(pid: number, name: string): number {
  const status = shell(`cat /proc/${pid}/status`);
  const found = new RegExp(`${name}:\\s+(\\d+) kB`).exec(status);
  if (found === null) throw new Error(`no ${name} of process ${pid}`);
  return Number(found[1]) * 1024;
}

function shell(script: string): string {
  const { success, stdout, stderr } = new Deno.Command("sh", {
    args: ["-c", script],
  }).outputSync();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout);
}
