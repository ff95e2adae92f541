import { parseRelayUrl, type RelayUrl } from "../client/relay_url.ts";
import { Failure } from "../errors.ts";
import { WIRE } from "../protocol/limits.ts";
import { utf8Bytes } from "../protocol/names.ts";
import { Verifier } from "../protocol/verifying.ts";
import { findRefused, isBlank } from "../text_rules/characters.ts";
import { type Invitation, parseInvite } from "./invite_text.ts";

/** An invitation that its author signed and that has not ended. */
export interface CheckedInvitation extends Omit<Invitation, "relay"> {
  readonly relay: RelayUrl;
}

/**
 * Reads an invitation that somebody was given.
 *
 * @param now wall clock.
 * @throws {Failure} INVITE_INVALID for one that was altered, INVITE_EXPIRED.
 */
export function readInvite(text: string, now: number): CheckedInvitation {
  const parsed = parseInvite(text.trim());
  if (!parsed.ok) throw invalid(parsed.reason);
  const { invitation, signed, signature } = parsed.signed;
  if (!new Verifier(1).verify(invitation.by, signature, signed)) {
    throw invalid("it is altered");
  }
  const { relay, name } = invitation;
  if (!isShown(name)) throw invalid("its author's name can't be shown");
  if (invitation.until < now) {
    const until = timeOf(invitation.until);
    throw new Failure("INVITE_EXPIRED", { fields: { until } });
  }
  return { ...invitation, relay: relayOf(relay) };
}

/** The moment as people read it, in seconds; what no calendar has is told as it is. */
export function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.valueOf())
    ? `second ${ms / 1000}`
    : date.toISOString().replace(/\.000Z$/, "Z");
}

/** A name that was left out is one. */
function isShown(name: string): boolean {
  if (name === "") return true;
  return name === name.trim() && !isBlank(name) && findRefused(name) === null &&
    utf8Bytes(name) <= WIRE.displayName;
}

function relayOf(text: string): RelayUrl {
  try {
    const relay = parseRelayUrl(text);
    if (relay.href === text) return relay;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  throw invalid("its relay's address can't be used");
}

function invalid(reason: string): Failure {
  return new Failure("INVITE_INVALID", { fields: { reason } });
}
