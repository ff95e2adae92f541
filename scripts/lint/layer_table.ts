// Which part may import which (docs/architecture.md, "Layers"), as data.

/** One thing that a part may import. */
export interface Allowed {
  /** A folder (ends in "/") or a file, from the project's root. */
  readonly path: string;
  /** Types alone. */
  readonly typesOnly?: true;
}

interface Layer {
  /** A folder (ends in "/") or a file; the longest that fits decides. */
  readonly part: string;
  /** What it may import besides itself; "anything" for tests and scripts. */
  readonly may: readonly Allowed[] | "anything";
}

const paths = (...list: string[]): Allowed[] => list.map((path) => ({ path }));

const COMMAND = paths(
  "commands/",
  "lib/conversation/",
  "lib/rendering/",
  "lib/local_api/",
  "lib/guards/",
  "lib/defined.ts",
  "lib/errors.ts",
  "lib/clock.ts",
);
const ADMIN = [...COMMAND, ...paths("lib/admin_api/")];

/** The table. A file that no row covers is an error: a new folder needs a row. */
export const LAYERS: readonly Layer[] = [
  { part: "main.ts", may: paths("commands/") },
  { part: "commands/", may: COMMAND },
  { part: "commands/daemon.ts", may: [...COMMAND, ...paths("daemon/")] },
  { part: "commands/relay.ts", may: [...COMMAND, ...paths("relay/")] },
  { part: "commands/relay_backup.ts", may: [...COMMAND, ...paths("relay/")] },
  { part: "commands/relay_admin.ts", may: ADMIN },
  { part: "commands/output/relay_admin_text.ts", may: ADMIN },
  {
    part: "commands/doctor.ts",
    may: [
      ...COMMAND,
      ...paths(
        "lib/diagnosis/",
        "lib/client/relay_url.ts",
        "lib/client/default_relay.ts",
      ),
    ],
  },
  {
    part: "commands/bench.ts",
    may: [...COMMAND, ...paths("lib/diagnosis/", "lib/client/relay_url.ts")],
  },
  { part: "commands/skill.ts", may: [...COMMAND, ...paths("skills/")] },
  { part: "commands/mcp.ts", may: [...COMMAND, ...paths("mcp/")] },
  {
    part: "mcp/",
    may: paths(
      "lib/conversation/",
      "lib/rendering/",
      "lib/local_api/",
      "lib/guards/",
      "lib/defined.ts",
      "lib/errors.ts",
      "lib/clock.ts",
    ),
  },
  { part: "daemon/", may: paths("lib/") },
  {
    part: "relay/",
    may: paths(
      "lib/protocol/",
      "lib/text_rules/",
      "lib/admin_api/types.ts",
      "lib/defined.ts",
      "lib/clock.ts",
      "lib/log.ts",
      "lib/worker_log.ts",
      "lib/errors.ts",
      "lib/sandbox.ts",
      "lib/sandbox_worker.ts",
    ),
  },
  { part: "lib/protocol/", may: [] },
  { part: "lib/pow/", may: paths("lib/protocol/", "lib/defined.ts") },
  {
    part: "lib/client/",
    may: paths(
      "lib/protocol/",
      "lib/pow/",
      "lib/defined.ts",
      "lib/clock.ts",
      "lib/log.ts",
      "lib/backoff.ts",
      "lib/errors.ts",
    ),
  },
  {
    part: "lib/diagnosis/",
    may: paths(
      "lib/conversation/wait_out.ts",
      "lib/client/",
      "lib/pow/",
      "lib/protocol/",
      "lib/sandbox.ts",
      "lib/clock.ts",
      "lib/errors.ts",
    ),
  },
  { part: "lib/guards/", may: paths("lib/text_rules/") },
  {
    part: "lib/rendering/",
    may: [
      { path: "lib/guards/" },
      { path: "lib/local_api/", typesOnly: true },
    ],
  },
  {
    part: "lib/conversation/",
    may: [
      ...paths(
        "lib/guards/",
        "lib/defined.ts",
        "lib/errors.ts",
        "lib/clock.ts",
      ),
      { path: "lib/local_api/", typesOnly: true },
    ],
  },
  {
    part: "lib/local_api/",
    may: [
      { path: "lib/errors.ts" },
      { path: "lib/defined.ts" },
      { path: "lib/protocol/", typesOnly: true },
    ],
  },
  { part: "lib/admin_api/", may: paths("lib/local_api/", "lib/errors.ts") },
  { part: "lib/text_rules/", may: [] },
  {
    part: "lib/host/",
    may: paths("lib/errors.ts"),
  },
  { part: "lib/defined.ts", may: [] },
  { part: "lib/clock.ts", may: [] },
  { part: "lib/log.ts", may: [] },
  { part: "lib/worker_log.ts", may: paths("lib/log.ts") },
  { part: "lib/backoff.ts", may: [] },
  {
    part: "lib/errors.ts",
    may: paths("lib/error_table.ts", "lib/defined.ts"),
  },
  { part: "lib/error_table.ts", may: [] },
  {
    part: "lib/sandbox.ts",
    may: paths("lib/clock.ts", "lib/log.ts", "lib/sandbox_messages.ts"),
  },
  { part: "lib/sandbox_worker.ts", may: paths("lib/sandbox_messages.ts") },
  { part: "lib/sandbox_messages.ts", may: [] },
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
  if (layer.may === "anything" || covers(layer.part, to)) return null;
  const allowed = layer.may.find((one) => covers(one.path, to));
  if (!allowed) return `${layer.part} may not import ${to}`;
  return allowed.typesOnly && !options.typesOnly
    ? `${layer.part} may import only types of ${to}`
    : null;
}

function covers(part: string, path: string): boolean {
  return part.endsWith("/") ? path.startsWith(part) : path === part;
}
