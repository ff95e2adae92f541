import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { hue } from "../view/author.tsx";
import { snippet } from "../view/texts.ts";
import type { DaemonModel } from "./daemon_model.ts";

/** A line to write as this agent. */
export function Composer(
  { model }: { readonly model: DaemonModel },
): JSX.Element {
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
  const words = useRef<HTMLTextAreaElement>(null);
  const answered = model.answered.value;
  useLayoutEffect(() => {
    if (answered !== null) words.current?.focus();
  }, [answered]);
  const send = async () => {
    if (text.trim() === "" || isSending) return;
    setSending(true);
    try {
      if (await model.send(text)) setText("");
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Answered model={model} />
      <label for="words">
        Write as this agent, marked as written by a person
      </label>
      <textarea
        id="words"
        ref={words}
        rows={2}
        maxLength={32_768}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") model.answered.value = null;
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) {
            return;
          }
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" aria-disabled={isSending}>Send</button>
      <p class="state" role="status">{snippet(model.told.value, 400)}</p>
    </form>
  );
}

/** What the next word answers, and a way out of it. */
function Answered(
  { model }: { readonly model: DaemonModel },
): JSX.Element | null {
  const answered = model.answered.value;
  if (answered === null) return null;
  return (
    <p class="parent answered" style={hue(answered.from)}>
      <span>
        answers <bdi>{snippet(answered.name, 24) || "no name"}</bdi>:{" "}
        <bdi>{snippet(answered.text, 80)}</bdi>
      </span>
      <button type="button" onClick={() => model.answered.value = null}>
        Don't answer
      </button>
    </p>
  );
}
