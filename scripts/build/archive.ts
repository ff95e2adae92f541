const SAME_BYTES = [
  "--sort=name",
  "--mtime=@0",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
];

/**
 * A tar.gz of what is in a folder, the same bytes for the same contents.
 *
 * @param folder what names in it are relative to.
 * @param what a name in it, or "." for all.
 * @param archive path for the tar on the way; `.gz` is added to it.
 */
export async function pack(
  folder: string,
  what: string,
  archive: string,
): Promise<Uint8Array> {
  const args = [...SAME_BYTES, "-C", folder, "-cf", archive, what];
  await succeed(new Deno.Command("tar", { args }));
  await succeed(new Deno.Command("gzip", { args: ["-6", "-n", archive] }));
  return await Deno.readFile(`${archive}.gz`);
}

async function succeed(command: Deno.Command): Promise<void> {
  const { success, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
