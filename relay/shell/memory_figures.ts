/** What the process holds, in bytes; the heap's are this thread's. */
export function memoryFigures(): Readonly<Record<string, number>> {
  const { rss, heapUsed, external } = Deno.memoryUsage();
  return { rss_bytes: rss, heap_bytes: heapUsed, external_bytes: external };
}
