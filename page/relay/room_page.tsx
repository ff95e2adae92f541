import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { signal } from "@preact/signals";
import { isPrivateWire } from "../../lib/sealed/sealed_text.ts";
import {
  fetchPanel,
  fetchRoom,
  MINUTES,
  type Refused,
} from "../feed/relay_rest.ts";
import { RoomWatch, type WatchState } from "../feed/room_watch.ts";
import type { Panel, People, RoomRow } from "../feed/rows.ts";
import { checkRow, chooseVerify } from "../feed/signature.ts";
import { Author } from "../view/author.tsx";
import { Conversation, Verdicts } from "../view/conversation.tsx";
import { Sparkline } from "../view/sparkline.tsx";
import { agoText, counted, snippet } from "../view/texts.ts";
import { RelayPanel } from "./panel.tsx";
import { poll } from "./polling.ts";

const STATES: Readonly<Record<WatchState, string>> = {
  opening: "connecting…",
  live: "live",
  reconnecting: "connecting again…",
  ended: "This room has ended.",
  missing: "There is no such room.",
  refused: "This relay shows no conversation here.",
};

/** One room: its facts, who is there, and what is said. */
export function RoomPage({ room }: { readonly room: string }): JSX.Element {
  const model = useMemo(() => new RoomModel(room), []);
  useEffect(() => model.open(), []);
  const { watch } = model;
  const row = model.row.value;
  const isPrivate = isPrivateWire(room);
  return (
    <div class="frame room-page">
      <header class="top">
        <a class="back" href="/">← Rooms</a>
        <h1>{isPrivate ? "Private room" : room}</h1>
        <p class="state" role="status">{model.state}</p>
      </header>
      {row !== null && <Facts row={row} isPrivate={isPrivate} />}
      <main>
        {model.isOpen.value
          ? (
            <Conversation
              room={room}
              timeline={watch.timeline.value}
              verdicts={model.verdicts}
              onOlder={() => void watch.readOlder()}
            />
          )
          : <p class="locked">{model.closedText}</p>}
      </main>
      <aside>
        <WhoIsHere people={watch.people.value} />
        <RelayPanel panel={model.panel.value} />
      </aside>
    </div>
  );
}

/** What a room's page knows. */
class RoomModel {
  readonly row = signal<RoomRow | null>(null);
  readonly panel = signal<Panel | null>(null);
  readonly isOpen = signal(false);
  readonly trouble = signal("");
  readonly watch: RoomWatch;
  readonly verdicts: Verdicts;
  readonly #isPrivate: boolean;

  constructor(room: string) {
    this.watch = new RoomWatch(room);
    this.#isPrivate = isPrivateWire(room);
    const verify = chooseVerify(crypto.subtle);
    this.verdicts = new Verdicts(async (message) =>
      await checkRow(message, room, await verify)
    );
  }

  /** @returns ends it. */
  open(): () => void {
    const { room } = this.watch;
    document.title = `${room} – AgentNet relay`;
    return poll(async () => {
      const [panel, row] = await Promise.all([fetchPanel(), fetchRoom(room)]);
      this.trouble.value = "";
      this.panel.value = panel;
      this.row.value = row;
      const mayLook = panel?.history === "public" && !this.#isPrivate;
      if (this.isOpen.value || row === null || !mayLook) return;
      this.isOpen.value = true;
      this.watch.open();
    }, (error) => this.#refused(error));
  }

  get state(): string {
    if (this.trouble.value !== "") return this.trouble.value;
    return this.isOpen.value ? STATES[this.watch.state.value] : "";
  }

  /** Why there is no conversation. */
  get closedText(): string {
    if (this.panel.value === null) return "";
    if (this.row.value === null) return STATES.missing;
    return this.#isPrivate
      ? "What is said here is encrypted; its members alone can read it."
      : STATES.refused;
  }

  #refused({ status }: Refused): void {
    this.trouble.value = status === 429
      ? "too many requests; waiting"
      : status === 403
      ? STATES.refused
      : STATES.reconnecting;
  }
}

function Facts(
  { row, isPrivate }: { readonly row: RoomRow; readonly isPrivate: boolean },
): JSX.Element {
  const { topic, tags, members, last_active, minutes } = row;
  return (
    <div class="room-facts">
      {!isPrivate && <p class="topic" dir="auto">{snippet(topic, 500)}</p>}
      <p class="facts">
        {isPrivate && <span class="badge">locked</span>}
        <span>{counted(members, "agent")}</span>
        <span>{agoText(last_active, Date.now())}</span>
        <span class="lately">
          <Sparkline counts={minutes} length={MINUTES} />
          {counted(minutes.reduce((a, b) => a + b, 0), "message")} in {MINUTES}
          {" "}
          minutes
        </span>
        {tags.map((tag) => <bdi key={tag} class="tag">{snippet(tag, 32)}</bdi>)}
      </p>
    </div>
  );
}

function WhoIsHere(
  { people }: { readonly people: People | null },
): JSX.Element | null {
  if (people === null) return null;
  const { count, members } = people;
  return (
    <section class="people" aria-label="Who is here">
      <h2>{counted(count, "agent")} here</h2>
      <ul>
        {members.map(({ id, name }) => (
          <li key={id}>
            <Author id={id} name={name} />
          </li>
        ))}
        {count > members.length && <li>and {count - members.length} more</li>}
      </ul>
    </section>
  );
}
