import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { connectToServers } from "../../../relay/cluster/connect.ts";

const INFO = JSON.stringify({
  ...{ server_id: "N", server_name: "n1", version: "2.12.0", proto: 1 },
  ...{ headers: true, max_payload: 1_048_576, auth_required: true },
});

/** What comes of a connection to a server that says this once it was told who connects. */
async function refusedWith(words: string): Promise<unknown> {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = server.addr;
  const serving = serve(server, words);
  const address = { hostname: "127.0.0.1", port, isTls: false };
  const settings = { servers: [address], monitors: [] };
  try {
    const more = { isUnsafe: true, keepMs: 1_000 };
    await connectToServers({ ...settings, ...more }, "a");
  } catch (error) {
    return error;
  } finally {
    await serving;
  }
}

async function serve(server: Deno.TcpListener, words: string): Promise<void> {
  using line = await server.accept();
  const text = new TextEncoder();
  await line.write(text.encode(`INFO ${INFO}\r\n`));
  await line.read(new Uint8Array(4_096));
  await line.write(text.encode(`-ERR '${words}'\r\n`));
}

Deno.test("connectToServers: who is refused is told to name the credentials", async () => {
  const refused = await refusedWith("Authorization Violation");
  assert.ok(refused instanceof Failure, `${refused}`);
  assert.equal(refused.code, "LOG_UNUSABLE");
  assert.match(refused.fix, /--cluster-creds/);
});

Deno.test("connectToServers: one that stood still until the servers gave it up is not refused: it tries again", async () => {
  const late = await refusedWith("Authentication Timeout");
  assert.ok(late instanceof Error && !(late instanceof Failure), `${late}`);
  assert.match(late.message, /timeout/i);
});
