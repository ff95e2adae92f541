import { disorder, isPlaceholder, looksLikePassword } from "./entropy.ts";

/** Passwords of examples and of services on one's own machine. */
const COMMON =
  /^(?:pass|passwd|pwd|secret|postgres|root|admin|user|username|test|testing|guest|rabbitmq|mysql|mongo|redis|docker|demo|dev|local|foo|bar|token|p|x+|\*+|1234\d*|none|null|true|false|string)$/i;
/** Variables, calls and marks that stand for a value. */
const STANDS_FOR = /^(?:[${}()<>[\]\\%`]|@[{(])|\$\{|\{\{|\$\(/;

/** True for what stands where only a password can: no variable, no placeholder, nothing that examples are full of. */
export function isGivenPassword(value: string): boolean {
  return value.length >= 4 && /[A-Za-z]/.test(value) &&
    !COMMON.test(value) && !STANDS_FOR.test(value) && !isPlaceholder(value);
}

/** True for such a password that nobody would have there for an example: as of a generator, or with digits and signs. */
export function isRealPassword(password: string, user: string): boolean {
  if (password === user || COMMON.test(password)) return false;
  if (isPlaceholder(password) || /[${}()/\\]/.test(password[0] ?? "")) {
    return false;
  }
  return looksLikePassword(password) ||
    /\d|[^\w-]/.test(password) && password.length >= 6 ||
    password.length >= 8 && disorder(password) > 0.5;
}

/** Names of this machine and of examples (RFC 2606, RFC 6761). */
const OWN_OR_EXAMPLE =
  /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|[\w-]+(?=[:/?#]|$)|(?:[\w-]+\.)*(?:example|test|invalid|localhost|local)(?:\.(?:com|org|net))?(?=[:/?#]|$))/i;

/** True for a machine that others can reach by its name: one with a dot that is not of an example. */
export function isOthersHost(host: string): boolean {
  return !OWN_OR_EXAMPLE.test(host);
}
