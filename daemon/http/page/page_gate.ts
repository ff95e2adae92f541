/** What is looked at of a request to the page. */
export interface PageRequest {
  readonly method: string;
  readonly headers: Headers;
}

/** The cookie of the page's session. */
export const COOKIE = "agentnet_page";

/**
 * Whether a request comes from the page itself, or from a person who opened it: an exact Host (against DNS rebinding),
 * no other Origin, no other site by what the browser says of it. What changes something must say its Origin.
 *
 * @param hosts the values that Host may have.
 */
export function isOwnRequest(
  { method, headers }: PageRequest,
  hosts: readonly string[],
): boolean {
  const host = headers.get("host");
  if (host === null || !hosts.includes(host)) return false;
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) return false;
  if (method !== "GET" && origin === null) return false;
  const site = headers.get("sec-fetch-site");
  return site === null || site === "same-origin" || site === "none";
}

/** A person followed the one-time link, from wherever: nothing else may open it. */
export function isOpening(
  { method, headers }: PageRequest,
  hosts: readonly string[],
): boolean {
  const host = headers.get("host");
  const mode = headers.get("sec-fetch-mode");
  return method === "GET" && host !== null && hosts.includes(host) &&
    headers.get("origin") === null && (mode === null || mode === "navigate");
}

/** The value of the page's cookie; "" without it. */
export function cookieOf(headers: Headers): string {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [name, value = ""] = pair.trim().split("=", 2);
    if (name === COOKIE) return value;
  }
  return "";
}
