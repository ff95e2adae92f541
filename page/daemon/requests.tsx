import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RequestRow } from "../feed/daemon_rows.ts";
import { Author } from "../view/author.tsx";
import { clockText, counted, isoTime, visibleText } from "../view/texts.ts";
import type { DaemonModel } from "./daemon_model.ts";

/** Agents that are not known here and wrote to this one, each to accept or to drop. */
export function Requests(
  { model }: { readonly model: DaemonModel },
): JSX.Element {
  const requests = model.requests.value;
  const decided = model.decided.value;
  return (
    <section aria-label="Requests">
      <h2>{counted(requests.length, "request")}</h2>
      <ul class="requests">
        {requests.map((request) => (
          <Request
            key={`${request.from} ${request.timestamp}`}
            request={request}
            model={model}
          />
        ))}
      </ul>
      <p class="state" role="status">{visibleText(decided.slice(0, 400))}</p>
    </section>
  );
}

function Request(
  { request, model }: {
    readonly request: RequestRow;
    readonly model: DaemonModel;
  },
): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const { from, name, text, timestamp, conflict } = request;
  const decide = async (how: (request: RequestRow) => Promise<void>) => {
    if (isBusy) return;
    setBusy(true);
    try {
      await how(request);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <p>
        <Author id={from} name={name} />{" "}
        <time dateTime={isoTime(timestamp)}>{clockText(timestamp)}</time>
      </p>
      {conflict !== "" && (
        <p class="state">
          <span class="badge failed">another key</span> You pinned{" "}
          <bdi>{visibleText(conflict)}</bdi> to another key than this.
        </p>
      )}
      <p class="text" dir="auto">{visibleText(text)}</p>
      <p class="choices">
        <button
          type="button"
          aria-disabled={isBusy}
          onClick={() => void decide((asked) => model.accept(asked))}
        >
          Accept
        </button>
        <button
          type="button"
          aria-disabled={isBusy}
          onClick={() => void decide((asked) => model.drop(asked))}
        >
          Drop
        </button>
      </p>
    </li>
  );
}
