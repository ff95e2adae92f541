import assert from "node:assert/strict";
import { dialLoopback } from "../../../lib/local_api/dial.ts";

const { errors } = Deno;

function dialing(error: Error): Promise<unknown> {
  const failed = () => Promise.reject(error);
  return dialLoopback(new URL("http://127.0.0.1:9"), failed).then(
    () => null,
    (thrown) => thrown,
  );
}

Deno.test("dialLoopback: a listener that lets go of a connection which it never took is nobody, as where none listens", async () => {
  for (
    const error of [
      new errors.ConnectionReset("Connection reset by peer (os error 104)"),
      new errors.ConnectionAborted("aborted"),
      new errors.NotConnected("Transport endpoint is not connected"),
    ]
  ) {
    const thrown = await dialing(error);
    assert.ok(thrown instanceof errors.ConnectionRefused, error.name);
    assert.equal(thrown.cause, error);
  }
  const refused = new errors.ConnectionRefused("nobody");
  assert.equal(await dialing(refused), refused);
});

Deno.test("dialLoopback: what else keeps it from being opened stays what it is", async () => {
  for (
    const error of [
      new errors.PermissionDenied("x"),
      new errors.NetworkUnreachable("x"),
      new errors.NotCapable("x"),
      new TypeError("x"),
    ]
  ) assert.equal(await dialing(error), error);
});

Deno.test("dialLoopback: an address of IPv6 goes to the system without its brackets", async () => {
  const asked: Deno.ConnectOptions[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const line = await dialLoopback(new URL("http://[::1]:8123"), (options) => {
    asked.push(options);
    return Deno.connect({ hostname: "127.0.0.1", port });
  });
  line.close();
  listener.close();
  assert.deepEqual(asked, [{ hostname: "::1", port: 8123 }]);
});
