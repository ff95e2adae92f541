import * as v from "valibot";
import {
  type Decoded,
  type DecodeFault,
  FIRST_ISSUE,
  invalid,
  parseObject,
} from "./decode.ts";
import { type AgentFrame, type RawObject, RELAY_FIELDS } from "./frames.ts";
import { AGENT_FRAME_SHAPES } from "./agent_frame_shapes.ts";
import { WIRE } from "./limits.ts";

/** Every field name of section 3 and 4: Go's decoder would take any of them in another case for the real one. */
const FIELD_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(AGENT_FRAME_SHAPES).flatMap((schema) =>
    Object.keys(schema.entries)
  ),
  ...["id", "name", "version", "challenge", "proof", "text"],
  ...RELAY_FIELDS,
]);
/** They stand last in each schema: a fault in them is the first one only where there is no other. */
const SIGNING_FIELDS: readonly unknown[] = ["nonce", "timestamp", "signature"];
const AGENT_TYPES: readonly string[] = Object.keys(AGENT_FRAME_SHAPES);
/** What an agent sends before it is logged in (protocol.md section 3). */
export const HANDSHAKE_TYPES: readonly string[] = ["hello", "hello.pow"];
const SCAN = { wholeNumbers: true, values: WIRE.agentValues };

/**
 * Reads a frame that an agent sent, up to its signature: scan, parse, shape and names (protocol.md section 6,
 * order of checks). Total: never throws, whatever the text.
 *
 * @param frameText a text frame of at most 65,536 bytes; the socket has bounded it.
 * @param expected the types that may come now; another is as good as unknown, whatever its shape.
 */
export function decodeAgentFrame(
  frameText: string,
  expected: readonly string[] = AGENT_TYPES,
): Decoded<AgentFrame> {
  const parsed = parseObject(frameText, SCAN);
  if (!parsed.ok) return parsed;
  const { raw } = parsed;
  const ref = refOf(raw);
  if (typeof raw.type !== "string") return invalid("a frame has a type", ref);
  if (
    !Object.hasOwn(AGENT_FRAME_SHAPES, raw.type) || !expected.includes(raw.type)
  ) {
    return unknownType(ref);
  }
  const misnamed = misnamedKey(raw);
  if (misnamed !== null) return invalid(misnamed, ref);
  const result = v.safeParse(
    AGENT_FRAME_SHAPES[raw.type as keyof typeof AGENT_FRAME_SHAPES],
    raw,
    FIRST_ISSUE,
  );
  if (!result.success) {
    return { ok: false, fault: shapeFault(result.issues[0], ref) };
  }
  return { ok: true, frame: result.output, raw };
}

function unknownType(ref: string | undefined): Decoded<never> {
  const fault: DecodeFault = {
    code: "UNKNOWN_TYPE",
    message: "no such frame type",
  };
  return { ok: false, fault: ref === undefined ? fault : { ...fault, ref } };
}

/** A missing or malformed nonce, timestamp or signature is AUTH_FAILED, as from a Go relay; all else INVALID_MESSAGE. */
function shapeFault(
  issue: v.BaseIssue<unknown>,
  ref: string | undefined,
): DecodeFault {
  const isSigning = SIGNING_FIELDS.includes(issue.path?.[0]?.key);
  return {
    code: isSigning ? "AUTH_FAILED" : "INVALID_MESSAGE",
    message: `${v.getDotPath(issue) ?? ""}: ${
      issue.type === "check" || issue.type === "custom" ||
        issue.type === "min_length"
        ? issue.message
        : "missing, malformed or too long"
    }`,
    ...(ref === undefined ? {} : { ref }),
  };
}

/** What a frame is called in the error that answers it: its id, else its nonce (protocol.md section 7). */
export function refOf(raw: RawObject): string | undefined {
  for (const value of [raw.id, raw.nonce]) {
    if (
      typeof value === "string" && value.length > 0 &&
      value.length <= WIRE.messageId
    ) return value;
  }
  return undefined;
}

/** Finds a key that only a case-folding decoder would take for a field, or one that only a relay may add. */
function misnamedKey(raw: RawObject): string | null {
  for (const level of [raw, raw.profile, raw.pow, raw.content]) {
    if (typeof level !== "object" || level === null) continue;
    for (const key of Object.keys(level)) {
      if (!FIELD_NAMES.has(key) && FIELD_NAMES.has(foldKey(key))) {
        return "a key in another case";
      }
    }
  }
  const reserved = RELAY_FIELDS.find((field) => Object.hasOwn(raw, field));
  return reserved === undefined ? null : `${reserved} is the relay's to add`;
}

/** Go folds two letters beyond ASCII onto ASCII ones: U+017F onto s and U+212A onto k. */
function foldKey(key: string): string {
  return key.toLowerCase().replaceAll("\u017f", "s").replaceAll("\u212a", "k");
}
