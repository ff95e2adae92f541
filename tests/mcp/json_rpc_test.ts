import assert from "node:assert/strict";
import { readMessage, RPC_CODE } from "../../mcp/json_rpc.ts";

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

Deno.test("readMessage: params that are null or an empty list stand for none, and so does null in them", () => {
  for (const params of [null, [], undefined]) {
    assert.deepEqual(readMessage({ ...ping, params }), { message: ping });
  }
  assert.deepEqual(
    readMessage({ ...ping, params: { cursor: null, uri: "u" } }),
    { message: { ...ping, params: { uri: "u" } } },
  );
});

Deno.test("readMessage: members that JSON-RPC does not know are dropped; no id makes a notification", () => {
  assert.deepEqual(readMessage({ ...ping, extra: 1 }), { message: ping });
  const { id: _, ...told } = ping;
  assert.deepEqual(readMessage(told), { message: told });
});

Deno.test("readMessage: what is no message is refused under its id where one can be read", () => {
  const refused: [unknown, unknown[]][] = [
    [42, [null]],
    [null, [null]],
    ["ping", [null]],
    [{}, [null]],
    [{ id: 7, method: "ping" }, [7]],
    [{ ...ping, jsonrpc: 2 }, [1]],
    [{ ...ping, id: null }, [null]],
    [{ ...ping, id: 1.5 }, [null]],
    [{ ...ping, id: {} }, [null]],
    [{ ...ping, method: 7 }, [1]],
    [{ jsonrpc: "2.0", id: "a" }, ["a"]],
    [{ ...ping, params: "x" }, [1]],
    [{ ...ping, params: [1] }, [1]],
    [[], [null]],
    [[1], [null]],
    [[ping, { ...ping, id: "b" }, { method: "told" }], [1, "b"]],
  ];
  for (const [value, ids] of refused) {
    const heard = readMessage(value);
    assert.ok("refusals" in heard, JSON.stringify(value));
    assert.deepEqual(heard.refusals.map(({ id }) => id), ids);
    for (const { error } of heard.refusals) {
      assert.equal(error.code, RPC_CODE.request);
    }
  }
});

Deno.test("readMessage: an answer is answered by nothing", () => {
  for (const answer of [{ result: {} }, { error: { code: 1 } }]) {
    const heard = readMessage({ jsonrpc: "2.0", id: 1, ...answer });
    assert.deepEqual(heard, { refusals: [] });
  }
});
