/** Whether bubblewrap makes sandboxes here; some systems let nobody. */
export async function hasBubblewrap(): Promise<boolean> {
  try {
    const args = ["--dev-bind", "/", "/", "--unshare-net", "true"];
    return (await new Deno.Command("bwrap", { args }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
