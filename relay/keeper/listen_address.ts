import { Failure } from "../../lib/errors.ts";
import { wrongSetting } from "../../lib/host/settings_readers.ts";
import { parseAddress } from "../shell/address.ts";

/** Where a relay listens. */
export interface ListenAddress {
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * Reads --listen: an address of numbers, or localhost. A worker that may use one address can't look up a name.
 *
 * @throws Failure USAGE.
 */
export function parseListen(text: string): ListenAddress {
  const [, host = "", digits] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const hostname = host === "localhost"
    ? "127.0.0.1"
    : host.replace(/^\[(.*)\]$/, "$1");
  const port = Number(digits);
  if (parseAddress(hostname) === null || !(port <= 65_535)) {
    throw wrongSetting(
      `--listen ${text} is not an address`,
      "name one as 127.0.0.1:8080 or [::1]:8080; port 0 lets the system choose",
    );
  }
  return { hostname, port };
}

/** The address as text: `host:port`, an IPv6 host in brackets. */
export function listenText({ hostname, port }: ListenAddress): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** That the relay can't listen there. @param reason the system's; null where somebody else has the port */
export function listenFailure(
  address: string,
  reason: string | null,
): Failure {
  if (reason === null) {
    return new Failure("PORT_IN_USE", {
      fields: { address, setting: "--listen" },
    });
  }
  return new Failure("USAGE", {
    fields: {
      reason: `can't listen on ${address}: ${reason}`,
      fix: "pass an address of this host and a free port to --listen",
    },
  });
}
