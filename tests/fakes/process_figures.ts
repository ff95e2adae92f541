/** Resident memory of a process in bytes (Linux). */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const found = /VmRSS:\s+(\d+) kB/.exec(status);
  if (found === null) throw new Error(`no memory figure of process ${pid}`);
  return Number(found[1]) * 1024;
}

/** Open file descriptors of a process (Linux). */
export function openFiles(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** Watches a process's memory until it is told to stop; returns the peak over the start. */
export function watchMemory(pid: number): { stop(): number } {
  const start = residentBytes(pid);
  let peak = start;
  const timer = setInterval(
    () => peak = Math.max(peak, residentBytes(pid)),
    50,
  );
  return {
    stop() {
      clearInterval(timer);
      return Math.max(peak, residentBytes(pid)) - start;
    },
  };
}

/** The value below which `part` (0 to 1) of the figures lie. */
export function percentile(figures: readonly number[], part: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[
    Math.min(sorted.length - 1, Math.floor(sorted.length * part))
  ] ?? NaN;
}
