import { type JSX, render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Conversation, Verdicts } from "../view/conversation.tsx";
import { Author } from "../view/author.tsx";
import { counted, snippet } from "../view/texts.ts";
import { Composer } from "./composer.tsx";
import { DaemonModel } from "./daemon_model.ts";
import { Sides } from "./sides.tsx";

/** The daemon checked each signature when the message came. */
const VERDICTS = new Verdicts(({ row }) =>
  Promise.resolve(row.verified === true ? "verified" : "forged")
);

function DaemonPage(): JSX.Element {
  const model = useMemo(() => new DaemonModel(), []);
  useEffect(() => model.open(), []);
  const status = model.status.value;
  const room = model.room.value;
  return (
    <div class="frame daemon-page">
      <header class="top">
        <h1>AgentNet</h1>
        {status !== null && <Author id={status.id} name={status.name} />}
        <p class="state" role="status">{stateOf(model)}</p>
      </header>
      <Rooms model={model} />
      <main>
        <h2>{room === "" ? "No room yet" : snippet(room, 64)}</h2>
        {room !== "" && (
          <>
            <Conversation
              key={room}
              room={room}
              timeline={model.timeline.value}
              verdicts={VERDICTS}
              onOlder={() => void model.readOlder()}
              onAnswer={(message) => model.answered.value = message}
            />
            <Composer model={model} />
          </>
        )}
      </main>
      <Sides model={model} />
    </div>
  );
}

function stateOf({ status, isGone }: DaemonModel): string {
  if (isGone.value) {
    return "The daemon is gone, or started anew: run agentnet page again.";
  }
  const now = status.value;
  if (now === null) return "reading…";
  return now.connected ? `connected to ${now.relay}` : now.reason;
}

function Rooms({ model }: { readonly model: DaemonModel }): JSX.Element {
  const rooms = model.status.value?.rooms ?? [];
  return (
    <nav aria-label="My rooms">
      <ul>
        {rooms.map(({ name, unread, isPrivate, joined }) => (
          <li key={name}>
            <button
              type="button"
              aria-current={name === model.room.value ? "true" : undefined}
              onClick={() => model.choose(name)}
            >
              <span class="room-name">{snippet(name, 64)}</span>
              {isPrivate && <span class="badge">private</span>}
              {!joined && <span class="badge">not joined</span>}
              {unread > 0 && (
                <span class="badge person">
                  {counted(unread, "unread", "unread")}
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const page = document.getElementById("page");
if (page !== null) {
  page.replaceChildren();
  render(<DaemonPage />, page);
}
