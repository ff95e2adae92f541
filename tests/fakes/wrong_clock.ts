/** Where Debian's package of that name has it, for each processor. */
const FAKETIME = ["x86_64", "aarch64"].map((processor) =>
  `/usr/lib/${processor}-linux-gnu/faketime/libfaketime.so.1`
);

/** What makes a process believe in another time of day; how time passes stays as it is. */
export interface WrongClock {
  readonly env: Readonly<Record<string, string>>;
}

/** Null where there is no libfaketime on this host. */
export function wrongClock(seconds: number): WrongClock | null {
  const library = FAKETIME.find(isFile);
  if (library === undefined) return null;
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME: `${seconds < 0 ? "" : "+"}${seconds}s`,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
