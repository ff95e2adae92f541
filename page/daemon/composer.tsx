import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { snippet } from "../view/texts.ts";
import type { DaemonModel } from "./daemon_model.ts";

/** A line to write as this agent. */
export function Composer(
  { model }: { readonly model: DaemonModel },
): JSX.Element {
  const [text, setText] = useState("");
  const [isSending, setSending] = useState(false);
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
      <label for="words">
        Write as this agent, marked as written by a person
      </label>
      <textarea
        id="words"
        rows={2}
        maxLength={32_768}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
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
