import type { JSX } from "preact";
import { makeVisible } from "../../lib/guards/visible.ts";
import { hueOf, shortKey } from "./texts.ts";

/** An agent: the colour and the start of its key, and the name that it claims. */
export function Author(
  { id, name }: { readonly id: string; readonly name: string },
): JSX.Element {
  const shown = makeVisible(name) || "no name";
  return (
    <span class="author" style={hue(id)} title={`${id} ${shown}`}>
      <span class="swatch" aria-hidden="true" />
      <bdi class="name">{shown}</bdi> <code class="key">{shortKey(id)}</code>
    </span>
  );
}

/** Sets the colour that the style sheet makes of an agent's hue. */
export function hue(id: string): { readonly "--hue": string } {
  return { "--hue": String(hueOf(id)) };
}
