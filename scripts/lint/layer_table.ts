// Which part may import which (docs/architecture.md, "Layers"), as data.

/** One thing that a part may import. */
export interface Allowed {
  /** A folder (ends in "/") or a file, from the project's root. */
  readonly path: string;
  /** Types alone. */
  readonly typesOnly?: true;
}

/** A row of the table. */
export interface Layer {
  /** A folder (ends in "/") or a file; the longest that fits decides. */
  readonly part: string;
  /** Another row's part: what that one may import besides itself, this one may too. */
  readonly as?: string;
  /** What it may import besides itself and {@link COMMON}; "anything" for tests and scripts. */
  readonly may: readonly Allowed[] | "anything";
}

/** What every part may import. */
export const COMMON: readonly string[] = ["lib/defined.ts"];

const paths = (...list: string[]): Allowed[] => list.map((path) => ({ path }));
const types = (...list: string[]): Allowed[] =>
  list.map((path) => ({ path, typesOnly: true }));

/** A command's file that may import more than the others. */
const command = (name: string, ...may: Allowed[]): Layer => ({
  part: `commands/${name}.ts`,
  as: "commands/",
  may,
});

const COMMANDS: readonly Layer[] = [
  { part: "main.ts", may: paths("commands/cli/") },
  {
    part: "commands/",
    may: [
      ...paths(
        "commands/cli/",
        "commands/daemon_access/",
        "commands/output/",
        "lib/conversation/",
        "lib/rendering/",
        "lib/guards/",
        "lib/errors.ts",
      ),
      ...types("lib/local_api/"),
    ],
  },
  command(
    "bench",
    ...paths("lib/diagnosis/", "lib/client/relay_url.ts", "lib/host/"),
  ),
  command("hook", ...paths("lib/hooks/")),
  command(
    "setup",
    ...paths("lib/agent_programs/", "lib/local_api/data_dir_choice.ts"),
  ),
  command("completion", ...paths("commands/completion/")),
  command(
    "daemon",
    ...paths("daemon/keeper/", "lib/agent_settings/"),
  ),
  command(
    "doctor",
    ...paths(
      "lib/diagnosis/",
      "lib/client/dial_probe.ts",
      "lib/client/relay_list.ts",
      "lib/client/default_relay.ts",
      "lib/local_api/",
      "lib/agent_settings/",
      "lib/host/",
      "lib/http1_head.ts",
    ),
    ...types("lib/client/relay_url.ts"),
  ),
  command(
    "mcp",
    ...paths(
      "mcp/",
      "commands/attach/",
      "commands/held_daemon/",
      "commands/session_inbox/",
      "lib/local_api/data_dir_choice.ts",
    ),
  ),
  command("relay", ...paths("relay/keeper/")),
  command("relay_admin", ...paths("lib/admin_api/")),
  command("relay_cluster", ...paths("lib/admin_api/")),
  command("relay_backup", ...paths("relay/keeper/")),
  command("skill", ...paths("skills/")),
  command("identities", ...paths("commands/start/")),
  command("add", ...paths("commands/members/")),
  command("remove", ...paths("commands/members/")),
  command("admin", ...paths("commands/members/")),
  {
    part: "commands/members/",
    may: [
      ...paths(
        "commands/cli/",
        "commands/daemon_access/",
        "commands/output/",
        "lib/conversation/",
        "lib/guards/",
        "lib/errors.ts",
      ),
      ...types("lib/local_api/"),
    ],
  },
  command(
    "invite",
    ...paths("commands/start/", "lib/invites/"),
    ...types("lib/protocol/"),
  ),
  command("get", ...paths("commands/attach/", "lib/attachments/")),
  command("send", ...paths("commands/attach/")),
  command("reply", ...paths("commands/attach/")),
  command("dm", ...paths("commands/attach/")),
  command("join", ...paths("commands/start/")),
  command("verify", ...paths("lib/transcript/", "lib/protocol/")),
  command(
    "up",
    ...paths("commands/start/", "lib/local_api/same_daemon.ts"),
  ),
  {
    part: "commands/held_daemon/",
    may: [
      ...paths(
        "commands/cli/program_version.ts",
        "daemon/keeper/",
        "lib/agent_settings/",
        "lib/client/relay_list.ts",
        "lib/host/",
        "lib/local_api/same_daemon.ts",
        "lib/aborted.ts",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("commands/cli/", "lib/local_api/", "lib/log.ts"),
    ],
  },
  {
    part: "commands/session_inbox/",
    may: [
      ...paths("lib/hooks/", "lib/errors.ts"),
      ...types("commands/cli/", "mcp/", "lib/local_api/", "lib/clock.ts"),
    ],
  },
  {
    part: "commands/start/",
    may: [
      ...paths(
        "commands/daemon_access/",
        "commands/output/",
        "daemon/keeper/",
        "lib/agent_settings/",
        "lib/client/default_relay.ts",
        "lib/client/install_line.ts",
        "lib/client/relay_list.ts",
        "lib/guards/",
        "lib/host/",
        "lib/invites/",
        "lib/local_api/",
        "lib/protocol/",
        "lib/rendering/",
        "lib/errors.ts",
      ),
      ...types("commands/cli/"),
    ],
  },
  {
    part: "commands/cli/",
    may: [
      ...paths(
        "commands/cli/registry.ts",
        "commands/output/",
        "lib/conversation/",
        "lib/rendering/",
        "lib/local_api/",
        "lib/errors.ts",
        "lib/clock.ts",
        "lib/duration.ts",
        "lib/attachments/",
        "lib/host/part_file.ts",
        "lib/invites/invite_term.ts",
      ),
      ...types("lib/protocol/"),
    ],
  },
  { part: "commands/cli/registry.ts", may: paths("commands/") },
  {
    part: "commands/completion/",
    may: [
      ...paths(
        "commands/cli/",
        "commands/daemon_access/",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("lib/local_api/"),
    ],
  },
  {
    part: "commands/attach/",
    may: [
      ...paths(
        "commands/cli/",
        "commands/daemon_access/",
        "commands/output/",
        "lib/attachments/",
        "lib/conversation/",
        "lib/local_api/",
      ),
      ...types("lib/protocol/", "mcp/"),
    ],
  },
  {
    part: "commands/daemon_access/",
    may: [
      ...paths(
        "commands/output/",
        "lib/conversation/",
        "lib/rendering/",
        "lib/local_api/",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("commands/cli/"),
    ],
  },
  {
    part: "commands/output/",
    may: [
      ...paths(
        "commands/cli/",
        "lib/conversation/",
        "lib/rendering/",
        "lib/guards/",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("lib/local_api/", "lib/admin_api/"),
    ],
  },
  {
    part: "mcp/",
    may: [
      ...paths(
        "lib/attachments/",
        "lib/conversation/",
        "lib/rendering/",
        "lib/guards/",
        "lib/invites/",
        "lib/text_rules/",
        "lib/aborted.ts",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("lib/local_api/", "lib/protocol/"),
    ],
  },
];

const DAEMON: readonly Layer[] = [
  {
    part: "daemon/keeper/",
    may: [
      ...paths(
        "daemon/permissions/",
        "lib/host/",
        "lib/local_api/",
        "lib/protocol/",
        "lib/text_rules/",
        "lib/client/default_relay.ts",
        "lib/client/relay_list.ts",
        "lib/invites/",
        "lib/transcript/attestation.ts",
        "lib/sealed/",
        "lib/blobs/",
        "lib/pow/solver_worker.ts",
        "lib/sandbox.ts",
        "lib/errors.ts",
        "lib/clock.ts",
        "lib/log.ts",
        "lib/plain_data.ts",
        "lib/worker_words.ts",
      ),
      ...types(
        "daemon/wake_posts/",
        "lib/agent_settings/",
        "lib/worker_log.ts",
        "daemon/worker/keeper_messages.ts",
        "lib/pow/search_messages.ts",
      ),
    ],
  },
  {
    part: "daemon/permissions/",
    may: paths("daemon/worker/session_worker.ts", "lib/sandbox.ts"),
  },
  {
    part: "daemon/worker/",
    may: [
      ...paths(
        "daemon/http/",
        "daemon/session/",
        "daemon/wake_posts/",
        "lib/client/",
        "lib/pow/",
        "lib/sandbox_worker.ts",
        "lib/errors.ts",
        "lib/clock.ts",
        "lib/http1_head.ts",
        "lib/worker_log.ts",
      ),
      ...types(
        "lib/local_api/",
        "lib/protocol/",
        "lib/sealed/",
        "lib/blobs/",
        "lib/invites/",
        "lib/transcript/",
      ),
    ],
  },
  {
    part: "daemon/wake_posts/",
    may: [
      ...paths(
        "lib/agent_settings/wake_target.ts",
        "lib/rendering/wake_text.ts",
        "lib/clock.ts",
      ),
      ...types("lib/local_api/", "lib/log.ts"),
    ],
  },
  {
    part: "daemon/http/",
    may: [
      ...paths(
        "lib/host/",
        "lib/conversation/text_check.ts",
        "lib/conversation/secret_check.ts",
        "lib/invites/invite_term.ts",
        "lib/local_api/",
        "lib/pages/",
        "lib/protocol/",
        "lib/text_rules/",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("lib/log.ts"),
    ],
  },
  {
    part: "daemon/mailbox/",
    may: [
      ...paths(
        "lib/sql/",
        "lib/protocol/",
        "lib/sealed/",
        "lib/text_rules/",
        "lib/errors.ts",
      ),
      ...types("lib/local_api/"),
    ],
  },
  {
    part: "daemon/session/",
    may: [
      ...paths(
        "daemon/session/core/",
        "daemon/mailbox/",
        "lib/blobs/",
        "lib/client/id_names.ts",
        "lib/client/relay_text.ts",
        "lib/host/",
        "lib/conversation/message_id.ts",
        "lib/guards/",
        "lib/invites/",
        "lib/protocol/",
        "lib/sealed/",
        "lib/sql/",
        "lib/text_rules/",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types(
        "lib/client/",
        "lib/local_api/",
        "lib/transcript/",
        "lib/log.ts",
      ),
    ],
  },
  {
    part: "daemon/session/core/",
    may: [
      ...paths(
        "lib/protocol/",
        "lib/backoff.ts",
        "lib/errors.ts",
      ),
      ...types(
        "daemon/mailbox/",
        "lib/client/",
        "lib/local_api/",
      ),
    ],
  },
];

/** What the parts of the relay's core share. */
const CORE_COMMON = paths(
  "relay/core/events.ts",
  "relay/core/refusals.ts",
  "relay/core/replies.ts",
  "relay/core/settings.ts",
  "relay/core/sliding_window.ts",
  "lib/protocol/",
  "lib/steady_time.ts",
);

const RELAY: readonly Layer[] = [
  {
    part: "relay/core/",
    may: [
      ...paths(
        "relay/core/edge/",
        "relay/core/log/",
        "relay/core/rooms/",
        "lib/protocol/",
        "lib/text_rules/",
      ),
      ...types("relay/store/contract.ts", "lib/admin_api/"),
    ],
  },
  {
    part: "relay/core/edge/",
    may: [
      ...CORE_COMMON,
      ...paths("relay/core/texts.ts", "lib/blobs/"),
      ...types(
        "relay/core/effects.ts",
        "relay/core/tally.ts",
        "relay/core/log/",
        "relay/core/rooms/",
        "relay/store/blob_contract.ts",
        "relay/store/contract.ts",
      ),
    ],
  },
  {
    part: "relay/core/log/",
    may: [
      ...paths("lib/protocol/"),
      ...types(
        "relay/core/effects.ts",
        "relay/core/events.ts",
        "relay/core/rooms/",
        "relay/store/contract.ts",
        "lib/admin_api/",
      ),
    ],
  },
  {
    part: "relay/core/rooms/",
    may: [
      ...CORE_COMMON,
      ...types(
        "relay/core/effects.ts",
        "relay/core/tally.ts",
        "relay/core/log/",
        "relay/store/contract.ts",
      ),
    ],
  },
  {
    part: "relay/store/",
    may: paths(
      "lib/blobs/",
      "lib/sql/",
      "lib/protocol/",
      "lib/sandbox_worker.ts",
      "lib/clock.ts",
      "lib/steady_time.ts",
    ),
  },
  {
    part: "relay/checks/",
    may: paths(
      "relay/core/texts.ts",
      "lib/protocol/",
      "lib/sandbox_worker.ts",
      "lib/clock.ts",
    ),
  },
  {
    part: "relay/shell/",
    may: [
      ...paths(
        "relay/checks/member_frame.ts",
        "relay/core/",
        "relay/core/edge/",
        "relay/blobs/blob_port.ts",
        "relay/store/store_client.ts",
        "lib/blobs/",
        "lib/free_bytes.ts",
        "lib/errors.ts",
        "lib/pages/",
        "lib/protocol/",
        "lib/sealed/sealed_text.ts",
        "lib/sandbox_worker.ts",
        "lib/clock.ts",
        "lib/worker_log.ts",
      ),
      ...types(
        "relay/checks/check_messages.ts",
        "relay/core/rooms/",
        "relay/store/contract.ts",
        "lib/admin_api/",
        "lib/log.ts",
      ),
    ],
  },
  {
    part: "relay/blobs/",
    may: [
      ...paths(
        "lib/blobs/",
        "lib/free_bytes.ts",
        "lib/host/private_files.ts",
        "lib/port_calls.ts",
        "lib/sandbox_worker.ts",
        "lib/worker_log.ts",
      ),
      ...types("lib/log.ts"),
    ],
  },
  {
    part: "relay/view_copy/",
    may: [
      ...paths(
        "relay/store/database_copy.ts",
        "relay/store/open_sqlite.ts",
        "relay/store/schema.ts",
        "relay/store/storage_fault.ts",
        "lib/host/",
        "lib/sql/",
        "lib/sandbox_worker.ts",
        "lib/worker_log.ts",
      ),
    ],
  },
  {
    part: "relay/cluster/",
    may: [
      ...paths(
        "relay/core/log/",
        "relay/view_copy/copy_port.ts",
        "lib/port_calls.ts",
        "lib/protocol/",
        "lib/sandbox_worker.ts",
        "lib/clock.ts",
        "lib/errors.ts",
        "lib/worker_log.ts",
      ),
      ...types("relay/blobs/objects_port.ts", "lib/log.ts"),
    ],
  },
  {
    part: "relay/admin/",
    may: [
      ...paths(
        "lib/admin_api/",
        "lib/host/",
        "lib/protocol/",
        "lib/errors.ts",
        "lib/clock.ts",
        "lib/worker_words.ts",
      ),
      ...types("relay/core/operator_ask.ts", "lib/log.ts"),
    ],
  },
  {
    part: "relay/keeper/",
    may: [
      ...paths(
        "relay/admin/",
        "relay/blobs/blob_worker.ts",
        "relay/checks/check_worker.ts",
        "relay/cluster/cluster_settings.ts",
        "relay/cluster/credentials.ts",
        "relay/cluster/log_worker.ts",
        "relay/core/settings.ts",
        "relay/shell/address.ts",
        "relay/shell/descriptors.ts",
        "relay/shell/socket_worker.ts",
        "relay/store/database_copy.ts",
        "relay/store/store_worker.ts",
        "relay/view_copy/copy_port.ts",
        "relay/view_copy/copy_worker.ts",
        "lib/admin_api/",
        "lib/blobs/",
        "lib/host/",
        "lib/protocol/",
        "lib/sandbox.ts",
        "lib/errors.ts",
        "lib/clock.ts",
        "lib/log.ts",
        "lib/worker_words.ts",
        "lib/duration.ts",
      ),
      ...types(
        "relay/blobs/blob_port.ts",
        "relay/checks/check_messages.ts",
        "lib/worker_log.ts",
        "relay/core/operator_ask.ts",
        "relay/cluster/log_worker_messages.ts",
        "relay/shell/worker_messages.ts",
        "relay/store/store_options.ts",
      ),
    ],
  },
];

const LIB: readonly Layer[] = [
  { part: "lib/protocol/", may: [] },
  { part: "lib/text_rules/", may: [] },
  { part: "lib/blobs/", may: paths("lib/protocol/") },
  { part: "lib/sealed/", may: paths("lib/protocol/") },
  { part: "lib/hooks/", may: [] },
  { part: "lib/agent_programs/", may: paths("integrations/") },
  { part: "integrations/", may: [] },
  { part: "lib/pow/", may: paths("lib/protocol/") },
  {
    part: "lib/client/",
    may: [
      ...paths("lib/protocol/", "lib/errors.ts"),
      ...types("lib/clock.ts"),
    ],
  },
  {
    part: "lib/diagnosis/",
    may: paths(
      "lib/client/",
      "lib/conversation/wait_out.ts",
      "lib/pow/",
      "lib/protocol/",
      "lib/sandbox.ts",
      "lib/errors.ts",
      "lib/clock.ts",
      "lib/http1_head.ts",
    ),
  },
  { part: "lib/guards/", may: paths("lib/text_rules/") },
  {
    part: "lib/rendering/",
    may: [
      ...paths("lib/guards/", "lib/protocol/invitation_ends.ts"),
      ...types("lib/local_api/", "lib/protocol/", "lib/transcript/"),
    ],
  },
  {
    part: "lib/conversation/",
    may: [
      ...paths(
        "lib/guards/",
        "lib/protocol/",
        "lib/text_rules/",
        "lib/transcript/",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      ...types("lib/local_api/"),
    ],
  },
  {
    part: "lib/attachments/",
    may: [
      ...paths("lib/guards/", "lib/protocol/", "lib/errors.ts"),
      ...types("lib/local_api/"),
    ],
  },
  { part: "lib/transcript/", may: paths("lib/protocol/", "lib/sealed/") },
  {
    part: "lib/local_api/",
    may: [
      ...paths("lib/host/token_challenge.ts", "lib/errors.ts"),
      ...types("lib/protocol/", "lib/clock.ts"),
    ],
  },
  {
    part: "lib/admin_api/",
    may: [
      ...paths("lib/errors.ts", "lib/local_api/cut_off.ts"),
      ...types("lib/local_api/"),
    ],
  },
  {
    part: "lib/host/",
    may: paths("lib/errors.ts", "lib/log.ts", "lib/clock.ts"),
  },
  {
    part: "lib/agent_settings/",
    may: [
      ...paths(
        "lib/client/relay_list.ts",
        "lib/host/",
        "lib/local_api/wake_policy.ts",
        "lib/protocol/",
        "lib/text_rules/",
        "lib/errors.ts",
      ),
      ...types("lib/clock.ts"),
    ],
  },
  {
    part: "lib/invites/",
    may: paths(
      "lib/client/relay_url.ts",
      "lib/protocol/",
      "lib/text_rules/",
      "lib/errors.ts",
    ),
  },
  { part: "lib/pages/", may: [] },
  { part: "lib/sql/", may: [] },
  { part: "lib/defined.ts", may: [] },
  { part: "lib/free_bytes.ts", may: [] },
  { part: "lib/duration.ts", may: [] },
  { part: "lib/clock.ts", may: [] },
  { part: "lib/http1_head.ts", may: [] },
  { part: "lib/log.ts", may: [] },
  { part: "lib/steady_time.ts", may: [] },
  { part: "lib/worker_log.ts", may: types("lib/log.ts") },
  {
    part: "lib/worker_words.ts",
    may: [
      ...paths("lib/log.ts", "lib/plain_data.ts"),
      ...types("lib/worker_log.ts"),
    ],
  },
  { part: "lib/plain_data.ts", may: [] },
  { part: "lib/backoff.ts", may: [] },
  { part: "lib/aborted.ts", may: [] },
  { part: "lib/errors.ts", may: paths("lib/error_table.ts") },
  { part: "lib/error_table.ts", may: [] },
  {
    part: "lib/sandbox.ts",
    may: [
      ...paths("lib/sandbox_messages.ts"),
      ...types("lib/clock.ts", "lib/log.ts"),
    ],
  },
  {
    part: "lib/sandbox_worker.ts",
    may: paths("lib/sandbox_messages.ts", "lib/sandbox_lockdown.ts"),
  },
  { part: "lib/sandbox_messages.ts", may: [] },
];

const PAGE: readonly Layer[] = [
  { part: "page/feed/", may: paths("lib/protocol/") },
  {
    part: "page/view/",
    may: paths("page/feed/", "lib/protocol/", "lib/guards/visible.ts"),
  },
  {
    part: "page/daemon/",
    may: paths("page/feed/", "page/view/"),
  },
  {
    part: "page/relay/",
    may: paths(
      "page/feed/",
      "page/view/",
      "lib/sealed/sealed_text.ts",
    ),
  },
];

/** The table. A file that no row covers is an error: a new folder needs a row. */
export const LAYERS: readonly Layer[] = [
  ...COMMANDS,
  ...DAEMON,
  ...RELAY,
  ...LIB,
  ...PAGE,
  { part: "tests/", may: "anything" },
  { part: "scripts/", may: "anything" },
];

/** The row of a file, by its path from the root. */
export function layerOf(path: string): Layer | undefined {
  let found: Layer | undefined;
  for (const layer of LAYERS) {
    const longer = layer.part.length > (found?.part.length ?? 0);
    if (longer && covers(layer.part, path)) found = layer;
  }
  return found;
}

/** Why `from` may not import `to` (both from the root), or null where it may. */
export function refusal(
  from: string,
  to: string,
  options: { typesOnly: boolean },
): string | null {
  const layer = layerOf(from);
  if (!layer) return `${from} has no row in scripts/lint/layer_table.ts`;
  const may = allowedOf(layer);
  if (may === "anything" || layer === layerOf(to)) return null;
  if (COMMON.some((path) => covers(path, to))) return null;
  const allowed = may.filter((one) => covers(one.path, to));
  if (allowed.length === 0) return `${layer.part} may not import ${to}`;
  return allowed.every((one) => one.typesOnly) && !options.typesOnly
    ? `${layer.part} may import only types of ${to}`
    : null;
}

function allowedOf({ as, may }: Layer): Layer["may"] {
  const more = LAYERS.find(({ part }) => part === as)?.may ?? [];
  return may === "anything" || more === "anything" ? may : [...more, ...may];
}

/** Whether a folder (ends in "/") or file is, or holds, the path. */
export function covers(part: string, path: string): boolean {
  return part.endsWith("/") ? path.startsWith(part) : path === part;
}
