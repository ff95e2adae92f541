import { Failure } from "../../lib/errors.ts";

/** By what a relay shows the servers who it is. Secrets. */
export type Credentials =
  /** A file of the `nsc` tool: a user's token and the seed that signs for it. */
  | { readonly kind: "creds"; readonly text: string }
  /** The seed of a key; the servers know its public half. */
  | { readonly kind: "nkey"; readonly seed: string }
  | {
    readonly kind: "password";
    readonly user: string;
    readonly password: string;
  };

/**
 * Reads what `--cluster-creds` names: a .creds file of nsc, the seed of an nkey, or one line `user:password`.
 *
 * @throws {Failure} FILE_TROUBLE; nothing of the text is repeated.
 */
export function parseCredentials(text: string, path: string): Credentials {
  if (/^-+BEGIN NATS USER JWT-+$/m.test(text)) return { kind: "creds", text };
  const line = text.trim();
  if (/^SU[A-Z2-7]{56}$/.test(line)) return { kind: "nkey", seed: line };
  const [, user, password] = /^([^:\s]+):(\S+)$/.exec(line) ?? [];
  if (user !== undefined && password !== undefined) {
    return { kind: "password", user, password };
  }
  throw new Failure("FILE_TROUBLE", {
    fields: {
      action: "use",
      path,
      reason: "it holds no credentials of a NATS user",
      fix:
        "it holds a .creds file of nsc, the seed of an nkey (SU…), or one line user:password",
    },
  });
}
