import type { JSX } from "preact";
import type { SentRow } from "../feed/daemon_rows.ts";
import { Author } from "../view/author.tsx";
import {
  clockText,
  counted,
  isoTime,
  receiptText,
  snippet,
} from "../view/texts.ts";
import type { DaemonModel } from "./daemon_model.ts";
import { Requests } from "./requests.tsx";

/** What stands beside the conversation. */
export function Sides({ model }: { readonly model: DaemonModel }): JSX.Element {
  return (
    <aside>
      <Requests model={model} />
      <Today model={model} />
      <Sent model={model} />
      <Contacts model={model} />
    </aside>
  );
}

function Today(
  { model }: { readonly model: DaemonModel },
): JSX.Element | null {
  const status = model.status.value;
  if (status === null) return null;
  const { wakesToday, wakeBrake, unread, queued, version, warnings } = status;
  return (
    <section class="panel" aria-label="Today">
      <dl>
        <Row name="Unread" value={String(unread)} />
        <Row name="Waiting to be sent" value={String(queued)} />
        <Row name="Wakes today" value={String(wakesToday)} />
        <Row name="Version" value={version} />
      </dl>
      {[wakeBrake, ...warnings].filter((text) => text !== "").map((text) => (
        <p key={text} class="state">{snippet(text, 300)}</p>
      ))}
    </section>
  );
}

function Row(
  { name, value }: { readonly name: string; readonly value: string },
) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Sent({ model }: { readonly model: DaemonModel }): JSX.Element {
  const sent = model.sent.value;
  return (
    <section aria-label="Sent">
      <h2>Sent</h2>
      {sent.length === 0 && <p class="state">nothing yet</p>}
      <ul class="sent">
        {sent.map((row) => <SentWord key={row.id} row={row} />)}
      </ul>
    </section>
  );
}

function SentWord({ row }: { readonly row: SentRow }): JSX.Element {
  const { room, text, status, reason, created_at, receipts } = row;
  return (
    <li>
      <p dir="auto">{snippet(text, 80)}</p>
      <p class="state">
        <span class={`badge ${status}`}>{snippet(status, 20)}</span>{" "}
        {snippet(room, 64)}{" "}
        <time dateTime={isoTime(created_at)}>{clockText(created_at)}</time>
        {reason !== "" && ` ${snippet(reason, 120)}`}
        {receipts !== undefined && ` · ${receiptText(receipts)}`}
      </p>
    </li>
  );
}

function Contacts({ model }: { readonly model: DaemonModel }): JSX.Element {
  const contacts = model.contacts.value;
  return (
    <section aria-label="Contacts">
      <h2>{counted(contacts.length, "contact")}</h2>
      <ul>
        {contacts.map(({ id, name, muted }) => (
          <li key={id}>
            <Author id={id} name={name} />
            {muted && <span class="badge">muted</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
