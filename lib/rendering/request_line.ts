import { foreignName, foreignText } from "../guards/fence.ts";
import { makeVisible } from "../guards/visible.ts";
import type { WaitingRequest } from "../local_api/types/requests.ts";
import { fileFacts, fileNameText } from "./file_text.ts";
import { timeText } from "./time_text.ts";

/** What an unknown agent wrote, as one line: the whole key, the name that it claims, and the text. */
export function requestLine(request: WaitingRequest, now: number): string {
  const { from, from_name, received_at, text, name_conflict } = request;
  const conflict = name_conflict === undefined
    ? ""
    : ` \u26a0 not the ${foreignName(name_conflict)} you know`;
  return `${makeVisible(from)} ${timeText(received_at, now)} ${
    foreignName(from_name)
  }${conflict}: ${foreignText(text)}${fileText(request)}`;
}

function fileText({ file }: WaitingRequest): string {
  return file === undefined
    ? ""
    : ` ↪ file, ${fileFacts(file)}, once accepted: ${fileNameText(file)}`;
}
