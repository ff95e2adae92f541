import {
  isGivenPassword,
  isOthersHost,
  isRealPassword,
} from "./real_password.ts";

/** `scheme://user:password@host` (RFC 3986, section 3.2.1). */
const URL_LOGIN =
  /[a-z][a-z0-9+.-]{1,20}:\/\/([^\s:/@"'`<>?#]{0,100}):([^\s/@"'`<>]{3,200})@([\w[$.-][\w.-]{0,100})/gi;
/** `curl -u user:password` and the like. */
const FLAG_LOGIN =
  /(?:^|\s)(?:-u|--user|--proxy-user)[ =]{1,3}["']?([\w.@-]{1,60}):([^\s:"'][^\s"']{2,120})/g;
/** Finds a login with its password in an address or a command line: where it begins, or null. */
export function findLogin(text: string): number | null {
  for (const pattern of [URL_LOGIN, FLAG_LOGIN]) {
    for (const match of text.matchAll(pattern)) {
      const [, user = "", password = "", host = ""] = match;
      if (isRealPassword(password, user) || isWeak(password, user, host)) {
        return match.index;
      }
    }
  }
  return null;
}

/** A word that is easy to guess, but a password: it opens a machine that others reach. */
function isWeak(password: string, user: string, host: string): boolean {
  return host !== "" && password !== user && isOthersHost(host) &&
    isGivenPassword(password);
}
