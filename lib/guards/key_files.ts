/** A name under which programs keep what must not leave, and what it then is. */
interface NameRule {
  readonly kind: string;
  /** Of the lower-case name. */
  readonly shape: RegExp;
}

/** Names of files that hold secrets by what they are for, whatever stands in them. */
const NAMES: readonly NameRule[] = [
  {
    kind: "this program's key file",
    shape: /^(?:agent\.key|room\.keys|api\.token)$/,
  },
  {
    kind: "OpenSSH private key",
    shape:
      /^(?:id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?|ssh_host_[a-z0-9]+_key|identity)$/,
  },
  {
    kind: "environment file",
    shape:
      /^(?:\.env|\.envrc|\.env\.(?!.*(?:example|sample|template|dist)).+|.+\.env)$/,
  },
  {
    kind: "credentials file",
    shape:
      /^(?:\.?credentials|credentials\.(?:json|ya?ml|ini|toml|csv|xml)|\.git-credentials|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.boto|\.dockercfg|\.vault-token|\.htpasswd|service[-_]account.*\.json|client_secret.*\.json|application_default_credentials\.json|accesstokens\.json|kubeconfig|.*\.kubeconfig)$/,
  },
  {
    kind: "key store",
    shape:
      /\.(?:p12|pfx|jks|keystore|bcfks|kdbx?|ppk|agekey|ovpn|keytab|keychain(?:-db)?)$/,
  },
  { kind: "wallet", shape: /^(?:wallet\.(?:dat|json)|.*\.wallet)$/ },
  {
    kind: "private key",
    shape: /^(?:.+\.key|.*private[-_.]?key.*\.(?:pem|der|asc|txt))$/,
  },
  {
    kind: "secrets file",
    shape: /^\.?secrets?(?:\.(?:json|ya?ml|ini|toml|env|txt))?$/,
  },
  {
    kind: "password database",
    shape:
      /^(?:shadow|gshadow|master\.passwd|logins\.json|key[34]\.db|login data)$/,
  },
];

/** What a file must hold by its name (the last part of its path), or null. */
export function secretFileName(name: string): string | null {
  const lower = name.toLowerCase();
  return NAMES.find(({ shape }) => shape.test(lower))?.kind ?? null;
}
