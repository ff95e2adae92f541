/** Whether something has this name, a link that leads nowhere too. Rejects with an error of `Deno.errors` where that can't be known. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
