import assert from "node:assert/strict";
import { tryTls } from "../../../lib/diagnosis/sockets.ts";
import { answerOf, TlsServer } from "../../fakes/tls_server.ts";

Deno.test("tryTls: a peer that takes the line and never says a word is given up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken = listener.accept();
  const at = { hostname: "127.0.0.1", port: listener.addr.port };
  await assert.rejects(tryTls(at, 200), /no answer within 0.2 s/);
  (await taken).close();
});

Deno.test("tryTls: a certificate of no known authority is the reason", async () => {
  await using server = new TlsServer({ reply: () => answerOf("403 No") });
  const [hostname = "", port] = server.address.split(":");
  await assert.rejects(
    tryTls({ hostname, port: Number(port) }),
    /UnknownIssuer/,
  );
});
