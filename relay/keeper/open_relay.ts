import { wrongSetting } from "../../lib/host/settings_readers.ts";
import { isIn, parseAddress, parseCidr } from "../shell/address.ts";

/** What says that a web server stands in front of the relay. */
interface Front {
  readonly publicUrl?: unknown;
  readonly trustProxy?: unknown;
}

/** This host and private networks (RFC 1918, 3927, 4193, 4291): whoever reaches such an address is trusted. */
const TRUSTED = [
  ...["127.0.0.0/8", "::1"],
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
  ...["169.254.0.0/16", "fc00::/7", "fe80::/10"],
].flatMap((block) => parseCidr(block) ?? []);

/** What a relay for a few agents that trust each other opens: no ages, no counts. What is said otherwise stays. */
export const OPEN_DEFAULTS = {
  joinAge: "0",
  createAge: "0",
  limits: "off",
} as const;

/**
 * Refuses to open a relay that others may reach.
 *
 * @param hostname where it listens.
 * @throws Failure USAGE.
 */
export function checkOpen(
  { publicUrl, trustProxy }: Front,
  hostname: string,
): void {
  const address = parseAddress(hostname);
  const isTrusted = address !== null &&
    TRUSTED.some((block) => isIn(address, block));
  if (!isTrusted) {
    throw wrongSetting(
      `--open is for this host and private networks, not for ${hostname}`,
      "listen on 127.0.0.1 or one private address, or leave --open out",
    );
  }
  if (publicUrl === undefined && trustProxy === undefined) return;
  throw wrongSetting(
    "--open is not for a relay with a web server in front of it",
    "leave out --open, or --public-url and --trust-proxy",
  );
}
