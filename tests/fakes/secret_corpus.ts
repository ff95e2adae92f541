// Made-up secrets and ordinary texts for the secret rules' figures. Written from vendors' descriptions of their
// formats and from what agents write to each other; it shares nothing with the rules' table. Drawn from a seed, so
// that a failure can be looked at again.

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGIT = "0123456789";
const HEX = DIGIT + "abcdef";
const ALNUM = LOWER + UPPER + DIGIT;
const BASE64 = ALNUM + "+/";
const URL64 = ALNUM + "-_";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const WORDS =
  `the a relay agent room message queue worker reader writer parser cursor batch retry timeout deploy release branch
  commit build pipeline test coverage latency throughput memory disk network socket client server proxy cache index
  shard replica leader follower snapshot backup restore schema column table row query plan transaction lock thread
  process signal handler callback promise stream buffer chunk frame packet header payload checksum signature digest
  please check review merge rebase update remove rename split join think maybe should could would because after before
  password token secret key credential login session account policy rotate expire revoke grant scope role user admin`
    .split(/\s+/);

/** Everything that the corpus draws, from one seed. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to below `n` (mulberry32). */
  int(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }

  of(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.int(alphabet.length)])
      .join("");
  }

  words(n: number, by = " "): string {
    return Array.from({ length: n }, () => this.pick(WORDS)).join(by);
  }

  uuid(): string {
    const hex = (n: number) => this.of(HEX, n);
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${this.pick(["8", "9", "a", "b"])}${
      hex(3)
    }-${hex(12)}`;
  }
}

/** A made-up secret and a text that holds it as people paste them. */
export interface MadeSecret {
  readonly kind: string;
  readonly secret: string;
  readonly text: string;
}

const url64 = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");

function pem(d: Draw): string {
  const label = d.pick(["RSA ", "", "EC ", "OPENSSH ", "ENCRYPTED "]);
  const lines = Array.from(
    { length: 4 + d.int(12) },
    () => d.of(BASE64, 64),
  );
  return [
    `-----BEGIN ${label}PRIVATE KEY-----`,
    ...lines,
    `${d.of(BASE64, 42)}==`,
    `-----END ${label}PRIVATE KEY-----`,
  ].join("\n");
}

/** Twenty kinds, a generator each. */
export const SECRET_KINDS: Readonly<Record<string, (d: Draw) => string>> = {
  "aws id": (d) => d.pick(["AKIA", "ASIA"]) + d.of(UPPER + "234567", 16),
  "aws secret": (d) => `aws_secret_access_key = ${d.of(BASE64, 40)}`,
  "google": (d) => "AIza" + d.of(URL64, 35),
  "azure": (d) =>
    `DefaultEndpointsProtocol=https;AccountName=${d.of(LOWER, 9)};AccountKey=${
      d.of(BASE64, 86)
    }==;EndpointSuffix=core.windows.net`,
  "digitalocean": (d) => "dop_v1_" + d.of(HEX, 64),
  "github": (d) =>
    d.pick([
      d.pick(["ghp_", "gho_", "ghs_"]) + d.of(ALNUM, 36),
      `github_pat_${d.of(ALNUM, 22)}_${d.of(ALNUM, 59)}`,
    ]),
  "gitlab": (d) => "glpat-" + d.of(URL64, 20),
  "openai": (d) =>
    d.pick([
      "sk-" + d.of(ALNUM, 48),
      `sk-proj-${d.of(URL64, 74)}T3BlbkFJ${d.of(URL64, 74)}`,
    ]),
  "anthropic": (d) => `sk-ant-api03-${d.of(URL64, 93)}AA`,
  "hugging face": (d) => "hf_" + d.of(LOWER + UPPER, 34),
  "slack": (d) =>
    d.pick([
      `xoxb-${d.of(DIGIT, 12)}-${d.of(DIGIT, 13)}-${d.of(ALNUM, 24)}`,
      `https://hooks.slack.com/services/T${d.of(UPPER + DIGIT, 8)}/B${
        d.of(UPPER + DIGIT, 10)
      }/${d.of(ALNUM, 24)}`,
    ]),
  "discord": (d) =>
    `${d.pick(["M", "N", "O"])}${d.of(ALNUM, 23)}.${d.of(ALNUM, 6)}.${
      d.of(URL64, 38)
    }`,
  "telegram": (d) => `${1 + d.int(9)}${d.of(DIGIT, 9)}:AA${d.of(URL64, 33)}`,
  "stripe": (d) => d.pick(["sk_live_", "rk_live_"]) + d.of(ALNUM, 24),
  "packages": (d) =>
    d.pick([
      "npm_" + d.of(ALNUM, 36),
      "pypi-AgEIcHlwaS5vcmc" + d.of(URL64, 80),
    ]),
  "sendgrid": (d) => `SG.${d.of(URL64, 22)}.${d.of(URL64, 43)}`,
  "jwt": (d) =>
    `${url64({ alg: d.pick(["HS256", "RS256"]), typ: "JWT" })}.${
      url64({ sub: d.of(DIGIT, 10), name: d.words(2), iat: 1700000000 })
    }.${d.of(URL64, 43)}`,
  "private key": pem,
  "database address": (d) =>
    `${d.pick(["postgres", "mysql", "mongodb+srv", "redis", "amqp"])}://${
      d.pick(WORDS)
    }:${d.of(ALNUM, 12 + d.int(10))}@db-${d.int(9)}.${
      d.pick(WORDS)
    }.internal:5432/main`,
  "assignment": (d) =>
    `${
      d.pick(["DB_PASSWORD", "api_key", "SECRET_KEY", "authToken", "passwd"])
    }${d.pick(["=", ": ", " = "])}${d.pick(['"', "'"])}`.replace(/.$/, "") +
    d.pick([
      d.of(ALNUM, 20 + d.int(20)),
      d.of(HEX, 32),
      d.of(ALNUM + "!@#%^*", 20),
    ]),
};

const CONTEXTS: readonly ((secret: string, d: Draw) => string)[] = [
  (s) => s,
  (s, d) => `${d.words(6)}: ${s}`,
  (s, d) => `hi, ${d.words(4)}\n\nuse this one:\n${s}\n${d.words(5)}`,
  (s, d) => `${d.words(1).toUpperCase()}_VALUE=${s}\nDEBUG=1\n`,
  (s, d) => JSON.stringify({ name: d.words(1), value: s, n: d.int(99) }),
  (s, d) => `config:\n  ${d.words(1)}: ${s}\n  retries: 3\n`,
  (s, d) => `const ${d.pick(WORDS)} = ${JSON.stringify(s)};\nrun();`,
  (s, d) => `${d.words(3)} \`${s}\` ${d.words(3)}`,
];

/** `perKind` secrets of each kind, in the ways people paste them. */
export function madeSecrets(seed: number, perKind: number): MadeSecret[] {
  const d = new Draw(seed);
  return Object.entries(SECRET_KINDS).flatMap(([kind, make]) =>
    Array.from({ length: perKind }, () => {
      const secret = make(d);
      return { kind, secret, text: d.pick(CONTEXTS)(secret, d) };
    })
  );
}

/** The secret as base64, alone or among words, wrapped at 76 characters or not. */
export function inBase64(made: MadeSecret, d: Draw): string {
  const base64 = btoa(made.secret);
  return d.pick([
    base64,
    `${d.words(5)} ${base64} ${d.words(2)}`,
    `data:\n  value: ${base64}\n`,
    base64.replace(/.{76}/g, "$&\n"),
    `echo ${base64} | base64 -d`,
    base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
    JSON.stringify({ data: base64 }),
  ]);
}

/** The secret cut into two to four parts, on lines of their own or as strings put together. */
export function overLines(made: MadeSecret, d: Draw): string {
  const { secret } = made;
  const cuts = Array.from(
    { length: 1 + d.int(3) },
    () => 1 + d.int(secret.length - 1),
  )
    .sort((a, b) => a - b);
  const parts = [0, ...cuts].map((from, i) => secret.slice(from, cuts[i]))
    .filter((part) => part !== "");
  return d.pick([
    () => parts.join("\n"),
    () => `${d.words(4)}:\n${parts.join("\n")}\n${d.words(4)}`,
    () => `value: ${parts.join("\n  ")}\n`,
    () => `const x = ${parts.map((p) => JSON.stringify(p)).join(" +\n  ")};`,
    () => `X = (${parts.map((p) => JSON.stringify(p)).join("\n  ")})`,
    () => parts.join(" \\\n    "),
    () => parts.map((p) => `> ${p}`).join("\n"),
    () => `s = ${parts.map((p) => `'${p}'`).join(" + ")}`,
    () => parts.join("\r\n"),
  ])();
}

const id = (d: Draw) => d.of(BASE58, 43 + d.int(2));
const sentence = (d: Draw) => {
  const text = d.words(5 + d.int(12));
  return text[0]?.toUpperCase() + text.slice(1) + d.pick([".", "?", "!"]);
};
const base64 = (d: Draw, n: number) => d.of(BASE64, n);

/** Texts without a secret, a generator each. */
const ORDINARY_KINDS: Readonly<Record<string, (d: Draw) => string>> = {
  "prose": (d) =>
    Array.from({ length: 1 + d.int(8) }, () => sentence(d)).join(
      d.pick([" ", "\n"]),
    ),
  "talk of secrets": (d) =>
    d.pick([
      `Please rotate the ${d.pick(WORDS)} token before ${d.pick(WORDS)}.`,
      "The password is stored hashed with argon2id, never in plain text.",
      "Set API_KEY=YOUR_API_KEY_HERE in .env and restart.",
      'api_key: "<your-api-key>"',
      "export OPENAI_API_KEY=sk-...",
      "ANTHROPIC_API_KEY=sk-ant-xxxxxxxxxxxxxxxxxxxxxxxx",
      "GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      'password: "changeme"',
      "DB_PASSWORD=${DB_PASSWORD:?missing}",
      "token: ${{ secrets.GITHUB_TOKEN }}",
      "postgres://user:password@localhost:5432/app",
      "redis://localhost:6379/0 and amqp://guest:guest@localhost",
      "AWS keys start with AKIA, GitHub's with ghp_, Slack's with xoxb-.",
      "Authorization: Bearer $TOKEN",
      'curl -H "Authorization: Bearer <token>" https://api.example.com/v1/me',
      "password = getpass.getpass('Password: ')",
      "secret_name: prod/payments/stripe-v2",
      "the secret is to keep each batch small: 1000 rows or so",
      "a key that starts with -----BEGIN PRIVATE KEY----- is PKCS #8",
      'if "-----BEGIN RSA PRIVATE KEY-----" in text: raise Leak()',
      `max_tokens: 4096, total_tokens=${d.int(99999)}, token_count: 12`,
      'const password = document.getElementById("password1").value;',
      "api_key=os.environ['SERVICE_API_KEY_V2']",
      "passwordResetTokenExpiresInMinutes = 30",
      "const accessToken: string = await this.authService.getAccessToken2();",
      "secretKeyRef:\n  name: app-secrets\n  key: database-password-v2",
    ]),
  "typescript": (d) =>
    `export async function ${d.pick(WORDS)}${
      d.int(9)
    }(token: string, opts: { password?: string } = {}) {
  const key = await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
  const secret = process.env.SESSION_SECRET ?? config.sessionSecret;
  if (token.length > ${d.int(99)}) throw new Error("${d.words(4)}");
  return fetch(\`/v2/${
      d.pick(WORDS)
    }?cursor=\${cursor}\`, { headers: { authorization: \`Bearer \${token}\` } });
}`,
  "python": (d) =>
    `class ${d.pick(WORDS)}Client(Base):
    def __init__(self, api_key: Optional[str] = None, password=None, timeout=${
      d.int(60)
    }):
        self.api_key = api_key or os.getenv("SERVICE_API_KEY")
        self.token = self._fetch_token(username, password)
        self.password_hasher = PBKDF2PasswordHasher(iterations=${d.int(999999)})
    # ${d.words(8)}`,
  "go and rust": (d) =>
    d.pick([
      `func (c *Client) Login(ctx context.Context, password string) (*Token, error) {
	token, err := c.store.TokenByID(ctx, tokenID)
	if err != nil { return nil, fmt.Errorf("${d.words(4)}: %w", err) }
	secret := sha256.Sum256([]byte(password))
	return &Token{Key: hex.EncodeToString(secret[:8])}, nil
}`,
      `let token = Token::from_str(&args.token).map_err(|e| Error::BadToken2(e))?;
let secret_key: SecretKey = SecretKey::generate(&mut rng);
assert_eq!(token.kind(), TokenKind::Ident${d.int(9)});`,
    ]),
  "shell": (d) =>
    `docker run -e POSTGRES_PASSWORD="$PGPASS" -p 5432:5432 postgres@sha256:${
      d.of(HEX, 64)
    }
git checkout ${d.of(HEX, 40)} && git cherry-pick ${d.of(HEX, 12)}
kubectl get secret ${
      d.words(2, "-")
    } -o jsonpath='{.data.password}' | base64 -d`,
  "git log": (d) =>
    Array.from(
      { length: 3 + d.int(8) },
      () => `${d.of(HEX, d.pick([7, 40]))} ${d.words(6)}`,
    )
      .join("\n"),
  "ids": (d) =>
    `request_id=${d.uuid()} trace=${d.of(HEX, 32)} span=${d.of(HEX, 16)} user=${
      d.int(99999)
    } took=${d.int(999)}ms`,
  "agents": (d) =>
    d.pick([
      `my id is ${id(d)}, short ${id(d).slice(0, 8)}`,
      `signature: ${d.of(BASE58, 88)}`,
      JSON.stringify({
        id: d.uuid(),
        from: id(d),
        nonce: d.of(BASE58, 22),
        signature: d.of(BASE58, 87),
      }),
      `public key: ${id(d)}`,
      `ask ${id(d)} for the token budget`,
    ]),
  "hashes": (d) =>
    d.pick([
      `sha256: ${d.of(HEX, 64)}  release-${d.int(9)}.tar.gz`,
      `md5 ${d.of(HEX, 32)} file.bin`,
      `ETag: "${d.of(HEX, 32)}"`,
      `$ sha1sum x\n${d.of(HEX, 40)}  x`,
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64(d, 43)} me@host`,
      `SHA256:${base64(d, 43)}`,
    ]),
  "lock file": (d) =>
    `    "node_modules/${d.words(2, "-")}": {
      "version": "${d.int(9)}.${d.int(20)}.${d.int(9)}",
      "resolved": "https://registry.npmjs.org/x/-/x-1.0.${d.int(9)}.tgz",
      "integrity": "sha512-${base64(d, 86)}==",
      "license": "MIT"
    },`,
  "go.sum and cargo": (d) =>
    `github.com/${d.words(2, "/")} v1.${d.int(9)}.0 h1:${base64(d, 43)}=
checksum = "${d.of(HEX, 64)}"`,
  "image": (d) =>
    `![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${
      base64(d, 200 + d.int(3000))
    }==)`,
  "certificate": (d) =>
    `-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE${base64(d, 44)}\n${
      Array.from({ length: 14 }, () => base64(d, 64)).join("\n")
    }\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${
      base64(d, 20)
    }\n${base64(d, 64)}\n-----END PUBLIC KEY-----`,
  "minified": (d) =>
    `!function(e,t){"object"==typeof exports?t(exports):${
      Array.from(
        { length: 40 },
        () =>
          `${d.of(LOWER, 1)}.${d.of(ALNUM, 2)}=function(${d.of(LOWER, 1)},${
            d.of(LOWER, 1)
          }){return ${d.of(LOWER, 1)}.key||(${d.of(LOWER, 1)}.token="${
            d.pick(WORDS)
          }",${d.int(99)})}`,
      ).join(",")
    }}(this);`,
  "hex dump": (d) =>
    Array.from(
      { length: 8 },
      (_, i) =>
        `${(i * 16).toString(16).padStart(8, "0")}  ${
          Array.from({ length: 16 }, () => d.of(HEX, 2)).join(" ")
        }  |${d.of(ALNUM + "./", 16)}|`,
    ).join("\n"),
  "addresses": (d) =>
    `https://${d.pick(WORDS)}.example.org/${d.words(3, "/")}?id=${
      d.int(99999)
    }&page=${d.int(9)}&utm_source=${
      d.pick(WORDS)
    } https://docs.google.com/document/d/1${
      d.of(URL64, 43)
    }/edit https://youtu.be/${d.of(URL64, 11)}`,
  "log": (d) =>
    Array.from(
      { length: 4 },
      () =>
        `2026-01-${10 + d.int(18)}T12:${10 + d.int(49)}:${10 + d.int(49)}.${
          d.int(999)
        }Z ${d.pick(["INFO", "WARN"])} [${d.pick(WORDS)}-${d.int(9)}] ${
          d.words(5)
        } conn=${d.of(HEX, 8)} 10.0.${d.int(255)}.${d.int(255)}:${
          d.int(65535)
        }`,
    ).join("\n"),
  "json and yaml": (d) =>
    d.pick([
      JSON.stringify({
        id: d.uuid(),
        type: "token_usage",
        input_tokens: d.int(9999),
        output_tokens: d.int(9999),
        cache_key: d.of(HEX, 16),
        next_page_token: d.of(URL64, 40),
        etag: d.of(HEX, 32),
      }),
      `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: app\n      POSTGRES_PASSWORD: postgres\n    secrets: [${
        d.words(2, "_")
      }]`,
      `on: push\njobs:\n  ${
        d.pick(WORDS)
      }:\n    env:\n      NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}\n    uses: actions/checkout@${
        d.of(HEX, 40)
      }`,
    ]),
  "encoded prose": (d) => `payload: ${btoa(sentence(d))}`,
};

/** `count` ordinary texts, the kinds in turn, some of two kinds. */
export function ordinaryTexts(
  seed: number,
  count: number,
): { kind: string; text: string }[] {
  const d = new Draw(seed);
  const kinds = Object.entries(ORDINARY_KINDS);
  return Array.from({ length: count }, (_, i) => {
    const [kind, make] = kinds[i % kinds.length] as [
      string,
      (d: Draw) => string,
    ];
    if (d.int(4) > 0) return { kind, text: make(d) };
    const [other, second] = d.pick(kinds);
    return { kind: `${kind} + ${other}`, text: `${make(d)}\n${second(d)}` };
  });
}
