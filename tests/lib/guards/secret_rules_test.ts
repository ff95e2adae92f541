import assert from "node:assert/strict";
import { PASTED_RULES } from "../../../lib/guards/pasted_rules.ts";
import { SERVICE_RULES } from "../../../lib/guards/service_rules.ts";
import { SECRET_RULES } from "../../../lib/guards/secret_rules.ts";
import { findSecret } from "../../../lib/guards/secrets.ts";

const RULES = [...SECRET_RULES, ...PASTED_RULES, ...SERVICE_RULES];

/** A quantifier without an upper bound, outside of classes: `*`, `+`, `{3,}`. */
function unbounded(pattern: RegExp): string | null {
  const bare = pattern.source.replace(/\\./g, "_").replace(/\[[^\]]*\]/g, "_");
  return /[*+]|\{\d+,\}/.exec(bare)?.[0] ?? null;
}

Deno.test("SECRET_RULES: every quantifier is bounded, so that time grows with the text and no faster", () => {
  assert.equal(unbounded(/a[*+]\+{1,3}/), null);
  assert.equal(unbounded(/a{3,}/), "{3,}");
  for (const { shape, source } of RULES) {
    assert.equal(unbounded(shape), null, source);
  }
});

Deno.test("SECRET_RULES: every rule names its source and carries no state of its own", () => {
  for (const { kind, source, shape } of RULES) {
    assert.ok(kind.length > 3 && source.length > 3);
    assert.ok(!shape.global && !shape.sticky, source);
  }
});

// Shapes from the vendors' pages that the corpus has no generator for; the random parts are made up.
const hex = "3f9a0c7e5b1d8426".repeat(4);
const mix = "aB3dE5gH7jK9mN1pQ4rS6tU8vW0xY2zC".repeat(3);
const HELD: Readonly<Record<string, string>> = {
  "AWS secret access key": "aws wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "Google OAuth secret": `GOCSPX-${mix.slice(0, 28)}`,
  "Cloudflare token": `v1.0-${hex.slice(0, 24)}-${hex}${hex}${
    hex.slice(0, 18)
  }`,
  "Bitbucket or Atlassian token": `ATBB${mix.slice(0, 32)}`,
  "Docker Hub token": `dckr_pat_${mix.slice(0, 27)}`,
  "Vault or Terraform token": `hvs.${mix.slice(0, 24)}`,
  "Groq API key": `gsk_${mix.slice(0, 52)}`,
  "xAI API key": `xai-${mix.slice(0, 80)}`,
  "Replicate token": `r8_${mix.slice(0, 37)}`,
  "Discord webhook": `https://discord.com/api/webhooks/123456789012345678/${
    mix.slice(0, 68)
  }`,
  "Shopify token": `shpat_${hex.slice(0, 32)}`,
  "Square token": `sq0atp-${mix.slice(0, 22)}`,
  "Twilio key": `SK${hex.slice(0, 32)}`,
  "Mailgun key": `key-${hex.slice(0, 32)}`,
  "Mailchimp key": `${hex.slice(0, 32)}-us12`,
  "age secret key": `AGE-SECRET-KEY-1${mix.slice(0, 58).toUpperCase()}`,
  "HTTP credentials": `Authorization: Basic ${btoa("admin:tr0ub4dor")}`,
  "bearer token": `Authorization: Bearer ${mix.slice(0, 32)}`,
  "address with a password": "ftp://bob:s3cr3t-Pa55@files.internal/x",
  "password": 'password = "Tr0ub4dor&3"',
};

Deno.test("SECRET_RULES: kinds beyond the corpus are held back under their names", () => {
  for (const [kind, text] of Object.entries(HELD)) {
    assert.equal(findSecret(text, {})?.kind, kind, text);
  }
});

Deno.test("SECRET_RULES: a private key on one line, with \\n written out, is held back", () => {
  const key =
    `-----BEGIN PRIVATE KEY-----\\n${mix}\\n-----END PRIVATE KEY-----\\n`;
  for (
    const text of [key, `{"private_key": "${key}"}`, key.replaceAll("\\n", "")]
  ) {
    assert.equal(findSecret(text, {})?.kind, "private key", text);
  }
});

Deno.test("SECRET_RULES: names, references and placeholders pass", () => {
  for (
    const text of [
      `ghp_${"x".repeat(36)}`,
      "sk-ant-your-api-key-goes-here-please",
      `export STRIPE_KEY=pk_live_${mix.slice(0, 24)}`,
      "token = getAccessTokenSilently()",
      "secret: ${VAULT_SECRET_V2_PATH}",
      "api_key = settings.SERVICE_API_KEY_V2",
      "password: string; confirmPassword: string",
      `next_page_token: ${mix.slice(0, 40)}`,
      `public_key: ${mix.slice(0, 44)}`,
      `sha256: ${hex}`,
      `integrity sha512-${mix.slice(0, 86)}==`,
      "api_key: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Ab12Cd",
      "PASSWORD_FILE=/run/secrets/db_password_2024",
      "task-skeleton-risk-management-desk-sk-learn",
    ]
  ) {
    assert.equal(findSecret(text, {}), null, text);
  }
});

Deno.test("SECRET_RULES: an invitation is held back whatever touches it from before", () => {
  const invite = `agentnet-invite-1.${mix}`;
  for (const before of ["", "x", "7", "x ", "é", "say:", "_"]) {
    const found = findSecret(`${before}${invite}`, {});
    assert.equal(found?.kind, "AgentNet invitation", before);
  }
});
