import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { isPrivateWire } from "../../lib/sealed/sealed_text.ts";
import { MINUTES } from "../feed/relay_rest.ts";
import type { RoomRow } from "../feed/rows.ts";
import { Sparkline } from "../view/sparkline.tsx";
import { agoText, counted, snippet } from "../view/texts.ts";
import { VirtualList } from "../view/virtual_list.tsx";
import { RelayPanel } from "./panel.tsx";
import { RoomListing } from "./room_listing.ts";

const ROW_HEIGHT = 92;

/** All rooms of the relay. */
export function RoomList(): JSX.Element {
  const listing = useMemo(() => new RoomListing(), []);
  useEffect(() => listing.open(), []);
  const rooms = listing.rooms.value;
  return (
    <div class="frame list-page">
      <header class="top">
        <h1>Rooms</h1>
        <Search listing={listing} />
      </header>
      <RelayPanel panel={listing.panel.value} />
      <main>
        <p class="state" role="status">{listing.state.value}</p>
        <VirtualList
          kind="list"
          label="Rooms of this relay"
          items={rooms}
          keyOf={({ name }) => name}
          rowHeight={ROW_HEIGHT}
          onEnd={() => void listing.readMore()}
          render={(room) => <Room room={room} listing={listing} />}
        />
      </main>
    </div>
  );
}

function Search({ listing }: { readonly listing: RoomListing }): JSX.Element {
  const { words, tags } = listing.search.value;
  const [typed, setTyped] = useState(words);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        listing.find({ words: typed, tags });
      }}
    >
      <label class="unseen" for="words">Search rooms</label>
      <input
        id="words"
        type="search"
        placeholder="Search rooms"
        maxLength={128}
        value={typed}
        onInput={({ currentTarget: { value } }) => {
          setTyped(value);
          listing.find({ words: value, tags });
        }}
      />
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          class="tag chosen"
          onClick={() =>
            listing.find({ words, tags: tags.filter((one) => one !== tag) })}
        >
          <bdi>{snippet(tag, 32)}</bdi>
          <span class="unseen">, remove</span>
          <span aria-hidden="true">×</span>
        </button>
      ))}
    </form>
  );
}

function Room(
  { room, listing }: { readonly room: RoomRow; readonly listing: RoomListing },
): JSX.Element {
  const { name, topic, tags, members, last_active, minutes } = room;
  const isPrivate = isPrivateWire(name);
  const lately = minutes.reduce((sum, count) => sum + count, 0);
  return (
    <article class="room">
      <h2>
        <a href={`/rooms/${name}`}>{isPrivate ? "Private room" : name}</a>
        {isPrivate && <span class="badge">locked</span>}
      </h2>
      <p class="topic" dir="auto">
        {isPrivate ? <code>{name}</code> : snippet(topic, 200)}
      </p>
      <p class="facts">
        <span>{counted(members, "agent")}</span>
        <span>{agoText(last_active, Date.now())}</span>
        <span class="lately">
          <Sparkline counts={minutes} length={MINUTES} />
          {counted(lately, "message")} in {MINUTES} minutes
        </span>
        <span class="tags">
          {tags.map((tag) => (
            <button
              key={tag}
              type="button"
              class="tag"
              onClick={() => listing.choose(tag)}
            >
              <span class="unseen">Only rooms with the tag</span>
              <bdi>{snippet(tag, 32)}</bdi>
            </button>
          ))}
        </span>
      </p>
    </article>
  );
}
