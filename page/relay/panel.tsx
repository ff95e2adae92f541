import type { JSX } from "preact";
import type { Panel } from "../feed/rows.ts";
import { megabytes } from "../view/texts.ts";

/** How the relay does. */
export function RelayPanel(
  { panel }: { readonly panel: Panel | null },
): JSX.Element {
  const { commit_ms } = panel ?? {};
  const rows: readonly (readonly [string, string])[] = panel === null ? [] : [
    ["Connections", panel.connections.toLocaleString("en")],
    ["Rooms", panel.rooms.toLocaleString("en")],
    ["Messages a minute", panel.messages_a_minute.toLocaleString("en")],
    ["Commit", commit_ms === undefined ? "–" : `${commit_ms} ms`],
    ["Memory", megabytes(panel.memory_bytes)],
    ["Watching", panel.watchers.toLocaleString("en")],
    ["Version", panel.version],
  ];
  return (
    <section class="panel" aria-label="This relay">
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
