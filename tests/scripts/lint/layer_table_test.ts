import assert from "node:assert/strict";
import {
  type Allowed,
  COMMON,
  covers,
  layerOf,
  LAYERS,
  refusal,
} from "../../../scripts/lint/layer_table.ts";
import { inside, isRelative, target } from "../../../scripts/lint/place.ts";
import { PURE } from "../../../scripts/lint/pure.ts";
import { fired, sitesOf } from "../../fakes/lint_run.ts";
import {
  isInProject,
  projectFiles,
  projectText,
  shippedFiles,
} from "../../fakes/project_files.ts";

Deno.test("refusal: of each part, what it may import and what it may not", () => {
  const table: readonly [from: string, allowed: string, forbidden: string][] = [
    ["main.ts", "commands/cli/run.ts", "commands/send.ts"],
    ["main.ts", "commands/cli/run.ts", "daemon/keeper/keeper.ts"],
    ["commands/send.ts", "lib/guards/fence.ts", "lib/protocol/frames.ts"],
    ["commands/send.ts", "commands/cli/flags.ts", "daemon/keeper/keeper.ts"],
    ["commands/daemon.ts", "daemon/keeper/keeper.ts", "relay/keeper/keeper.ts"],
    ["commands/daemon.ts", "daemon/keeper/keeper.ts", "commands/send.ts"],
    ["commands/relay.ts", "relay/keeper/keeper.ts", "relay/core/core.ts"],
    ["commands/doctor.ts", "lib/diagnosis/files.ts", "lib/client/inbox.ts"],
    ["commands/bench.ts", "lib/diagnosis/spread.ts", "lib/client/inbox.ts"],
    ["commands/mcp.ts", "mcp/serve.ts", "daemon/keeper/keeper.ts"],
    ["commands/send.ts", "lib/conversation/room_name.ts", "mcp/serve.ts"],
    ["commands/skill.ts", "skills/agentnet/SKILL.md", "mcp/serve.ts"],
    ["commands/cli/registry.ts", "commands/send.ts", "mcp/serve.ts"],
    ["commands/cli/run.ts", "commands/cli/registry.ts", "commands/send.ts"],
    ["commands/output/a.ts", "commands/cli/flags.ts", "commands/send.ts"],
    ["commands/completion/a.ts", "commands/cli/flags.ts", "commands/send.ts"],
    ["mcp/server.ts", "lib/rendering/message_list.ts", "commands/cli/run.ts"],
    ["mcp/server.ts", "lib/guards/fence.ts", "daemon/keeper/keeper.ts"],
    ["daemon/keeper/a.ts", "lib/host/lock.ts", "daemon/session/session.ts"],
    ["daemon/keeper/a.ts", "lib/host/lock.ts", "daemon/http/gate.ts"],
    ["daemon/keeper/a.ts", "lib/host/lock.ts", "daemon/mailbox/mailbox.ts"],
    ["daemon/keeper/a.ts", "lib/host/lock.ts", "relay/keeper/keeper.ts"],
    ["daemon/permissions/a.ts", "lib/sandbox.ts", "daemon/keeper/key_file.ts"],
    ["daemon/worker/a.ts", "daemon/http/gate.ts", "daemon/keeper/key_file.ts"],
    ["daemon/http/a.ts", "lib/local_api/address.ts", "daemon/session/a.ts"],
    ["daemon/http/a.ts", "lib/local_api/address.ts", "daemon/mailbox/sql.ts"],
    ["daemon/mailbox/a.ts", "lib/protocol/names.ts", "daemon/session/a.ts"],
    ["daemon/mailbox/a.ts", "lib/sql/sql.ts", "lib/client/connection.ts"],
    ["daemon/session/a.ts", "daemon/mailbox/a.ts", "daemon/http/gate.ts"],
    ["daemon/session/a.ts", "lib/client/id_names.ts", "lib/client/inbox.ts"],
    ["daemon/session/a.ts", "daemon/session/core/a.ts", "daemon/worker/a.ts"],
    ["daemon/session/core/a.ts", "lib/backoff.ts", "daemon/session/rooms.ts"],
    ["daemon/session/core/a.ts", "lib/backoff.ts", "daemon/mailbox/mailbox.ts"],
    ["daemon/session/core/a.ts", "lib/backoff.ts", "lib/clock.ts"],
    [
      "relay/core/a.ts",
      "lib/protocol/frames.ts",
      "relay/shell/relay_server.ts",
    ],
    ["relay/core/a.ts", "lib/text_rules/a.ts", "relay/store/contract.ts"],
    ["relay/core/a.ts", "lib/text_rules/a.ts", "lib/clock.ts"],
    ["relay/store/a.ts", "lib/sql/sql.ts", "relay/core/core.ts"],
    ["relay/store/a.ts", "lib/protocol/names.ts", "relay/shell/peer.ts"],
    ["relay/shell/a.ts", "relay/core/core.ts", "relay/store/service.ts"],
    ["relay/admin/a.ts", "lib/admin_api/types.ts", "relay/core/core.ts"],
    ["relay/keeper/a.ts", "relay/admin/admin_server.ts", "relay/core/core.ts"],
    ["lib/protocol/a.ts", "lib/protocol/b.ts", "lib/clock.ts"],
    ["lib/pow/a.ts", "lib/protocol/pow.ts", "lib/client/inbox.ts"],
    ["lib/client/a.ts", "lib/errors.ts", "lib/local_api/types/status.ts"],
    ["lib/diagnosis/a.ts", "lib/client/inbox.ts", "daemon/keeper/keeper.ts"],
    ["lib/guards/a.ts", "lib/text_rules/characters.ts", "lib/errors.ts"],
    ["lib/rendering/a.ts", "lib/guards/fence.ts", "lib/errors.ts"],
    ["lib/conversation/a.ts", "lib/guards/secrets.ts", "lib/rendering/b.ts"],
    ["lib/local_api/a.ts", "lib/errors.ts", "daemon/keeper/keeper.ts"],
    ["lib/admin_api/a.ts", "lib/errors.ts", "lib/local_api/client.ts"],
    ["lib/text_rules/a.ts", "lib/text_rules/b.ts", "lib/errors.ts"],
    ["lib/host/a.ts", "lib/errors.ts", "daemon/keeper/key_file.ts"],
    ["lib/sql/a.ts", "lib/sql/b.ts", "relay/store/contract.ts"],
    ["lib/sandbox.ts", "lib/sandbox_messages.ts", "lib/errors.ts"],
    ["lib/errors.ts", "lib/defined.ts", "lib/clock.ts"],
  ];
  for (const [from, allowed, forbidden] of table) {
    const options = { typesOnly: false };
    assert.equal(refusal(from, allowed, options), null, `${from} ${allowed}`);
    assert.ok(refusal(from, forbidden, options), `${from} ${forbidden}`);
  }
});

Deno.test("refusal: where types alone are allowed, a value is not", () => {
  const table: readonly [from: string, to: string][] = [
    ["relay/core/core.ts", "relay/store/contract.ts"],
    ["relay/core/operator_view.ts", "lib/admin_api/types.ts"],
    ["daemon/keeper/a.ts", "daemon/worker/keeper_messages.ts"],
    ["daemon/session/a.ts", "lib/client/connection.ts"],
    ["daemon/mailbox/a.ts", "lib/local_api/types/status.ts"],
    ["commands/send.ts", "lib/local_api/client.ts"],
  ];
  for (const [from, to] of table) {
    assert.equal(refusal(from, to, { typesOnly: true }), null, from);
    assert.ok(refusal(from, to, { typesOnly: false }), from);
  }
});

Deno.test("refusal: nothing shipped imports tests or scripts", () => {
  for (const { part, may } of LAYERS) {
    if (may === "anything") continue;
    const from = part.endsWith("/") ? `${part}a.ts` : part;
    assert.ok(refusal(from, "tests/fakes/a.ts", { typesOnly: true }), from);
    assert.ok(refusal(from, "scripts/demo.ts", { typesOnly: true }), from);
  }
});

Deno.test("layerOf: a file that no row covers has none, and its imports fire", () => {
  assert.equal(layerOf("elsewhere/a.ts"), undefined);
  assert.deepEqual(fired("elsewhere/a.ts", `import "./b.ts";`), ["layers"]);
});

Deno.test("LAYERS: a folder of another row is not a part's own", () => {
  for (const from of ["daemon/keeper.ts", "relay/clock.ts", "lib/new/a.ts"]) {
    assert.equal(layerOf(from), undefined, from);
  }
  const options = { typesOnly: true };
  assert.ok(refusal("commands/cli/run.ts", "commands/send.ts", options));
});

Deno.test("LAYERS: a part that is pure imports values of pure parts alone", () => {
  const rows = LAYERS.filter(({ part }) => inside(part, PURE));
  assert.ok(rows.length > 4);
  for (const { part, may } of rows) {
    assert.ok(may !== "anything");
    const values = may.filter((one) => !one.typesOnly).map(({ path }) => path);
    for (const path of [...values, ...COMMON]) {
      assert.ok(inside(path, PURE), `${part} imports ${path}`);
    }
  }
  for (const path of PURE) assert.equal(layerOf(path)?.part, path);
});

Deno.test("LAYERS: every part and path that it names is there", () => {
  const named = LAYERS.flatMap(({ part, may }) => [
    part,
    ...(may === "anything" ? [] : may.map(({ path }) => path)),
  ]);
  assert.deepEqual(named.filter((path) => !isInProject(path)), []);
});

Deno.test("LAYERS: nothing is allowed that nobody imports, and no value where types are enough", () => {
  const files = [...shippedFiles(), ...projectFiles("page/")];
  const uses = files.flatMap((from) =>
    sitesOf(projectText(from), from).flatMap(({ specifier, typesOnly }) =>
      specifier !== null && isRelative(specifier)
        ? [{ from, to: target(from, specifier), typesOnly }]
        : []
    )
  );
  const isUsed = (part: string, { path, typesOnly }: Allowed) =>
    uses.some(({ from, to, ...use }) => {
      const row = layerOf(from);
      return [row?.part, row?.as].includes(part) && covers(path, to) &&
        (typesOnly || !use.typesOnly);
    });
  const idle = LAYERS.flatMap(({ part, may }) =>
    may === "anything" || !isInProject(part) ? [] : may
      .filter((one) => isInProject(one.path) && !isUsed(part, one))
      .map(({ path }) => `${part} ${path}`)
  );
  assert.deepEqual(idle, []);
});
