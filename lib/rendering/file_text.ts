import { foreignText } from "../guards/fence.ts";
import type { AttachedFile } from "../protocol/attached_file.ts";
import { dateText } from "./time_text.ts";

/** So much of a hash is shown: enough to tell files apart by eye. */
const SHOWN_HASH = 12;
/** So much of a name is shown in a line, in characters. */
const SHOWN_NAME = 100;

/** Where a file stands: whether its time at the relay is over, as far as its author says. */
export function fileState(
  { until = Infinity }: Pick<AttachedFile, "until">,
  now: number,
): "available" | "ended" {
  return now < until ? "available" : "ended";
}

/** Bytes as a reader counts them: `0 bytes`, `999 bytes`, `12.3 KB`, `16.8 MB`. */
function sizeText(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return bytes < 1_000_000
    ? `${(bytes / 1_000).toFixed(1)} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What is known of a file but its name: size, hash, until when it can be had. */
export function fileFacts({ size, sha256, until }: AttachedFile): string {
  return [
    sizeText(size),
    `sha256 ${sha256.slice(0, SHOWN_HASH)}`,
    ...(until === undefined ? [] : [`until ${dateText(until)}`]),
  ].join(", ");
}

/** A file's name, which its author chose, to stand at the end of a line. */
export function fileNameText({ name }: Pick<AttachedFile, "name">): string {
  const characters = [...name];
  const rest = characters.length > SHOWN_NAME ? "…" : "";
  return foreignText(characters.slice(0, SHOWN_NAME).join("")) + rest;
}
