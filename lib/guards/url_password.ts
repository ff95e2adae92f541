import { disorder, isPlaceholder, looksLikePassword } from "./entropy.ts";

/** `scheme://user:password@host` (RFC 3986, section 3.2.1). */
const URL_LOGIN =
  /[a-z][a-z0-9+.-]{1,20}:\/\/([^\s:/@"'`<>?#]{0,100}):([^\s/@"'`<>]{3,200})@[\w[$.-]/gi;
/** `curl -u user:password` and the like. */
const FLAG_LOGIN =
  /(?:^|\s)(?:-u|--user|--proxy-user)[ =]{1,3}["']?([\w.@-]{1,60}):([^\s:"'][^\s"']{2,120})/g;
/** Passwords of examples and of services on one's own machine. */
const COMMON =
  /^(?:pass|pwd|secret|postgres|root|admin|user|username|test|testing|guest|rabbitmq|mysql|mongo|redis|docker|demo|dev|local|foo|bar|hunter2|token|p|x+|\*+|1234\d*)$/i;

/** Finds a login with its password in an address or a command line: where it begins, or null. */
export function findLogin(text: string): number | null {
  for (const pattern of [URL_LOGIN, FLAG_LOGIN]) {
    for (const match of text.matchAll(pattern)) {
      if (isRealPassword(match[2] as string, match[1] as string)) {
        return match.index;
      }
    }
  }
  return null;
}

function isRealPassword(password: string, user: string): boolean {
  if (password === user || COMMON.test(password)) return false;
  if (isPlaceholder(password) || /[${}()/\\]/.test(password[0] ?? "")) {
    return false;
  }
  return looksLikePassword(password) ||
    /\d|[^\w-]/.test(password) && password.length >= 6 ||
    password.length >= 8 && disorder(password) > 0.5;
}
