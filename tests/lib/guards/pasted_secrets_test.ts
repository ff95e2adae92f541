import assert from "node:assert/strict";
import { findSecret } from "../../../lib/guards/secrets.ts";
import { ONCE_MISSED, OTHERS } from "../../fakes/pasted_secrets.ts";
import { OF_SERVICES } from "../../fakes/service_secrets.ts";
import { Draw, ordinaryTexts } from "../../fakes/secret_corpus.ts";

const SEED = 20261127;
/** Of each kind. */
const MANY = 20;

const SETS = { ONCE_MISSED, OTHERS, OF_SERVICES };
for (const [set, kinds] of Object.entries(SETS)) {
  Deno.test(`findSecret: holds back at least 95 % of the plain secrets of ${set}, and most of each kind`, () => {
    const d = new Draw(SEED);
    let missed = 0;
    const counts: Record<string, number> = {};
    for (const [kind, make] of Object.entries(kinds)) {
      for (let i = 0; i < MANY; i++) {
        const secret = make(d);
        const text = d.pick([
          secret,
          `${d.words(5)}:\n${secret}\n${d.words(4)}`,
          `${d.words(3)}\n\n\`\`\`\n${secret}\n\`\`\`\n`,
        ]);
        if (findSecret(text, {}) !== null) continue;
        missed++;
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
    }
    const all = Object.keys(kinds).length * MANY;
    const told = JSON.stringify(counts);
    assert.ok(missed <= 0.05 * all, `${missed} of ${all} missed: ${told}`);
    assert.ok(Object.values(counts).every((one) => one <= MANY / 4), told);
  });
}

Deno.test("corpus: at least 22 kinds that were missed, and as many others", () => {
  const once = Object.keys(ONCE_MISSED).length;
  assert.ok(once >= 22);
  assert.ok(Object.keys(OTHERS).length >= once);
});

Deno.test("findSecret: holds back at most 1 % of 4,000 ordinary texts", () => {
  const wrong = ordinaryTexts(SEED, 4_000).flatMap(({ kind, text }) => {
    const found = findSecret(text, {});
    return found ? [`${kind}: ${found.kind}`] : [];
  });
  assert.ok(wrong.length <= 40, wrong.join("; "));
});

/** What looks like one of those kinds and holds no secret. */
const LOOK_ALIKES = [
  "machine learning login page: the password field is empty",
  "[info] app:started in 20 ms",
  "the wss://relay.example.org/v1/ws address and ss://example.org/page",
  "see https://example.org/hooks/after-the-release-of-next-week and pat-na1-docs",
  "snmp-server community public RO",
  "an app password that this page will make once",
  "run_2026_11_27_evaluation_of_all_models_and_more_data",
  "user_2NNEqL2nrIRdJ194ndJqAHwEfxC1 asked for req_abc",
  "define('AUTH_KEY',         'put your unique phrase here');",
  "chatcmpl-123 and commit_9b2d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d",
  "src/app.ts:1205:5:error:TS2304",
  "10.0.0.1:8080:web:nginx:latest",
  "mysql -h db -u app -p shop < dump.sql",
  "mysql -u root -p$MYSQL_PASSWORD shop",
  "docker run -p 8080:80 -e A=b nginx",
  "Cookie: theme=dark; lang=en; consent=yes",
  "PublicKey = mB3dE5gH7jK9mN1pQ4rS6tU8vW0xY2zCaB3dE5gH7jK=",
  "The ability to act on any advice about an abstract object is able to help us all again",
  "long ".repeat(60),
  "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]",
  "self._auth = HTTPBasicAuth(user, password)",
  "//registry.example.org/:_authToken=${NPM_TOKEN}",
  "password: string; password2: string",
  "password = input2; token = next3",
  'password: "must be at least 8 characters"',
  'passwordHint = "Use 1 upper, 1 lower and 1 digit!"',
  "postgres://app:letmein@localhost:5432/app",
  "postgres://user:password@db.example.com/app",
  "CREATE USER app IDENTIFIED BY '<password>';",
  "openssl rsa -in k.pem -passin pass:$PASS",
  "redis-cli -h cache -a $REDIS_PASSWORD ping",
  "echo 'deb http://deb.debian.org stable main' | sudo tee /etc/apt/x.list",
  "password=null&user=1",
  "-- password int64, passwordHash sha256",
  "The scheme is $argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>",
];

for (const text of LOOK_ALIKES) {
  Deno.test(`findSecret: lets pass: ${text.slice(0, 80)}`, () => {
    assert.equal(findSecret(text, {}), null);
  });
}

Deno.test("findSecret: what nobody sees cuts no secret in two", () => {
  const secret = "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
  for (const unseen of ["\ufe0f", "\u200e", "\u2800", "\u{e0101}", "\u034f"]) {
    const text = `${secret.slice(0, 12)}${unseen}${secret.slice(12)}`;
    assert.equal(findSecret(text, {})?.kind, "GitHub token", text);
  }
});
