/** The program with few file descriptors, and what takes them all. */

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** An executable in the folder that runs the launcher with at most so many open files. */
export async function launcherWithFiles(
  folder: string,
  files: number,
): Promise<string> {
  return await script(
    `${folder}/few-${files}`,
    `ulimit -n ${files}; exec "${ROOT}scripts/agentnet" "$@"`,
  );
}

/** The same without the launcher, as a compiled file starts: nobody tells the program its limit. */
export async function bareProgramWithFiles(
  folder: string,
  files: number,
): Promise<string> {
  return await script(
    `${folder}/bare-${files}`,
    `ulimit -n ${files}; exec "${Deno.execPath()}" run -qA --no-prompt ` +
      `--config "${ROOT}deno.json" "${ROOT}main.ts" "$@"`,
  );
}

async function script(path: string, body: string): Promise<string> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

/** Connections that say nothing, as many as were asked for; refused ones count. */
export async function silentConnections(
  address: { readonly hostname: string; readonly port: number },
  count: number,
): Promise<Disposable> {
  const dialled = await Promise.allSettled(
    Array.from({ length: count }, () => Deno.connect(address)),
  );
  const open = dialled.flatMap((one) =>
    one.status === "fulfilled" ? [one.value] : []
  );
  return {
    [Symbol.dispose]() {
      for (const connection of open) connection.close();
    },
  };
}
