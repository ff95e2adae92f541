import type { RawObject, WireCode } from "./frames.ts";
import { scan, type ScanOptions } from "./scan.ts";

/** How shapes are checked: one fault is enough, and a list of wrong items would have thousands. */
export const FIRST_ISSUE = { abortEarly: true, abortPipeEarly: true } as const;

/** Why a frame is refused, in the words of an `error` frame. */
export interface DecodeFault {
  readonly code: WireCode;
  readonly message: string;
  /** The id or nonce of the refused frame, where it could be read. */
  readonly ref?: string;
}

/** A frame decoded to its type, with the raw object that its signature covers; or why not. */
export type Decoded<Frame> =
  | { readonly ok: true; readonly frame: Frame; readonly raw: RawObject }
  | { readonly ok: false; readonly fault: DecodeFault };

/** A frame's JSON object, or why it is none. */
export type Parsed =
  | { readonly ok: true; readonly raw: RawObject }
  | { readonly ok: false; readonly fault: DecodeFault };

/** Turns a frame's text into its JSON object: scan, then parse. Total: never throws (protocol.md section 2). */
export function parseObject(text: string, options: ScanOptions): Parsed {
  const found = scan(text, options);
  if (found !== null) return invalid(found);
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return invalid(value === undefined ? "not JSON" : "not a JSON object");
  }
  return { ok: true, raw: value as RawObject };
}

/** A refusal with code INVALID_MESSAGE. */
export function invalid(message: string, ref?: string) {
  const fault: DecodeFault = {
    code: "INVALID_MESSAGE",
    message,
    ...(ref === undefined ? {} : { ref }),
  };
  return { ok: false, fault } as const;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
