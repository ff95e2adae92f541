// Plays a session of Claude Code with an inbox: a Unix socket, of which each line that comes is printed. A process of
// its own, since only it may have that socket.
//   inbox_session.ts PATH

const [path = ""] = Deno.args;

/** The lines of one connection; it hangs up when the other side has said all. */
async function read(connection: Deno.UnixConn): Promise<void> {
  using _ = connection;
  const text = connection.readable.pipeThrough(new TextDecoderStream());
  let rest = "";
  for await (const part of text) {
    const lines = `${rest}${part}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) console.log(`heard ${line}`);
  }
}

using listener = Deno.listen({ transport: "unix", path });
await Deno.chmod(path, 0o600);
console.log("listening");
for await (const connection of listener) {
  console.log("connected");
  await read(connection);
}
