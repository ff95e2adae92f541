import { isKeyLikeBase64, isLoginPair, looksRandom } from "./entropy.ts";

/** A kind of secret that is known by its shape. */
export interface SecretRule {
  /** What to call it, to people. */
  readonly kind: string;
  /** Who says that it looks so: a vendor's page, a standard. */
  readonly source: string;
  /** A text with none of these can't match: a cheap look before the shape. None: always look. */
  readonly hints: readonly string[];
  /**
   * The shape, without its surroundings. Every quantifier has an upper bound (a test holds it), so that the time
   * taken grows with the length of a text and no faster.
   */
  readonly shape: RegExp;
  /** True for a shape that is only a secret's beginning: the rest may follow at once. */
  readonly begins?: true;
  /** True for a shape that is one too where a letter or a digit touches it from before. */
  readonly touched?: true;
  /** What the text as a whole must also hold, for shapes that say little alone. */
  readonly context?: RegExp;
  /** A last look at the match, or at the shape's first group where it has one. */
  readonly accept?: (value: string) => boolean;
}

/**
 * Every known shape. Lengths are lower bounds where a vendor has changed them before: a key that grew is a key still.
 * Publishable keys (Stripe's `pk_`, Mapbox's `pk.`) are meant to be seen and are not here.
 */
// deno-fmt-ignore: one row a rule reads as a table
export const SECRET_RULES: readonly SecretRule[] = [
  // Clouds
  { kind: "AWS access key", source: "AWS IAM: unique identifiers", hints: ["AKIA", "ASIA", "ABIA", "ACCA"], shape: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/ },
  { kind: "AWS secret access key", source: "AWS IAM: managing access keys", hints: [], context: /aws|amazon|secret.?access.?key|A[KS]IA[A-Z0-9]{6}/i, shape: /(?<![A-Za-z0-9+/_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/_-])/, accept: isKeyLikeBase64 },
  { kind: "AWS Bedrock API key", source: "Amazon Bedrock: API keys", hints: ["ABSK", "bedrock-api-key-"], shape: /(?:ABSK[A-Za-z0-9+/]{60,300}|bedrock-api-key-[A-Za-z0-9+/]{40,300})/ },
  { kind: "Google API key", source: "Google Cloud: API keys", hints: ["AIza"], shape: /AIza[\w-]{33,60}/ },
  { kind: "Google OAuth secret", source: "Google Identity: OAuth 2.0", hints: ["GOCSPX-", "ya29.", "1//0"], shape: /(?:GOCSPX-[\w-]{20,60}|ya29\.[\w-]{30,300}|1\/\/0[\w-]{35,200})/ },
  { kind: "Azure storage key", source: "Azure Storage: connection strings", hints: ["AccountKey", "SharedAccessKey"], shape: /(?:AccountKey|SharedAccessKey)\s{0,3}=\s{0,3}[A-Za-z0-9+/]{40,100}/ },
  { kind: "Azure storage key", source: "Azure Storage: account keys, 64 bytes", hints: ["=="], context: /azure|storage|blob|cosmos|account.?(?:key|name)/i, shape: /(?<![A-Za-z0-9+/_.:-])[A-Za-z0-9+/]{86}==/, accept: isKeyLikeBase64 },
  { kind: "Azure shared access signature", source: "Azure Storage: SAS", hints: ["sig="], shape: /sig=[A-Za-z0-9+/%]{40,80}/, context: /s[vpre]=|SharedAccessSignature/ },
  { kind: "Azure client secret", source: "Microsoft Entra: application secrets", hints: ["Q~"], shape: /[\w~.]{3}\dQ~[\w~.-]{28,40}/ },
  { kind: "DigitalOcean token", source: "DigitalOcean: personal access tokens", hints: ["do"], shape: /do[opr]_v1_[a-f0-9]{40,80}/ },
  { kind: "Cloudflare token", source: "Cloudflare: API tokens, origin CA keys", hints: ["v1.0-", "cfut_", "cfat_", "cfk_"], shape: /(?:v1\.0-[a-f0-9]{24}-[a-f0-9]{100,160}|cf(?:ut|at|k)_[\w-]{30,80})/ },
  { kind: "Alibaba Cloud key", source: "Alibaba Cloud: AccessKey pairs", hints: ["LTAI"], shape: /LTAI[A-Za-z0-9]{16,28}/ },
  { kind: "Tencent Cloud key", source: "Tencent Cloud: API keys", hints: ["AKID"], shape: /AKID[A-Za-z0-9]{28,40}/ },
  { kind: "Yandex Cloud key", source: "Yandex Cloud: API keys", hints: ["AQVN", "y0_"], shape: /(?:AQVN[\w-]{30,50}|y0_[\w-]{30,80})/ },
  { kind: "Heroku token", source: "Heroku: platform API", hints: ["HRKU-"], shape: /HRKU-[\w-]{30,80}/ },
  { kind: "Fly.io token", source: "Fly.io: access tokens", hints: ["fm1", "fm2_", "fo1_"], shape: /(?:fm1[ar]|fm2|fo1)_[\w+/=-]{30,400}/ },
  { kind: "Vercel token", source: "Vercel: token formats", hints: ["vcp_", "vci_", "vca_", "vcr_", "vck_"], shape: /vc[piark]_[A-Za-z0-9]{24,80}/ },
  { kind: "Netlify token", source: "Netlify: personal access tokens", hints: ["nf"], shape: /nf[pcobu]_[A-Za-z0-9]{30,60}/ },
  { kind: "Supabase key", source: "Supabase: API keys", hints: ["sbp_", "sb_secret_"], shape: /(?:sbp_(?:v0_)?[a-f0-9]{36,48}|sb_secret_[\w-]{20,60})/ },
  { kind: "PlanetScale secret", source: "PlanetScale: service tokens", hints: ["pscale_"], shape: /pscale_(?:tkn|pw|oauth)_[\w.=-]{30,80}/ },
  { kind: "Databricks token", source: "Databricks: personal access tokens", hints: ["dapi", "dose", "dkea"], shape: /(?:dapi|dose|dkea)[a-f0-9]{30,40}(?:-\d)?/ },
  { kind: "Dropbox token", source: "Dropbox: OAuth guide", hints: ["sl."], shape: /sl\.(?:u\.|B)[\w-]{60,300}/ },
  // Forges, builds and packages
  { kind: "GitHub token", source: "GitHub: token formats", hints: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], shape: /gh[pousr]_[A-Za-z0-9]{30,255}/ },
  { kind: "GitHub token", source: "GitHub: fine-grained tokens", hints: ["github_pat_"], shape: /github_pat_[A-Za-z0-9_]{36,255}/ },
  { kind: "GitLab token", source: "GitLab: token prefixes", hints: ["gl", "GR1348941"], shape: /(?:(?:glpat|gldt|glrt|glrtr|glcbt|glptt|glft|glimt|glagent|gloas|glsoat|glffct|glwt)-[\w.-]{18,300}|GR1348941[\w-]{18,60})/ },
  { kind: "Bitbucket or Atlassian token", source: "Atlassian: API tokens", hints: ["ATATT", "ATBB", "ATCTT", "BBDC-"], shape: /(?:ATATT3[\w=-]{40,300}|ATCTT3[\w=-]{40,300}|ATBB[A-Za-z0-9]{24,60}|BBDC-[A-Za-z0-9+/]{36,60})/ },
  { kind: "npm token", source: "npm: access tokens", hints: ["npm_"], shape: /npm_[A-Za-z0-9]{30,80}/ },
  { kind: "PyPI token", source: "PyPI: API tokens", hints: ["pypi-"], shape: /pypi-[\w-]{40,400}/ },
  { kind: "RubyGems key", source: "RubyGems: API keys", hints: ["rubygems_"], shape: /rubygems_[a-f0-9]{40,60}/ },
  { kind: "NuGet key", source: "NuGet: API keys", hints: ["oy2"], shape: /oy2[a-z0-9]{43}/ },
  { kind: "crates.io token", source: "crates.io: API tokens", hints: ["cio"], shape: /cio[A-Za-z0-9]{32}/, accept: looksRandom },
  { kind: "Docker Hub token", source: "Docker: access tokens", hints: ["dckr_"], shape: /dckr_(?:pat|oat)_[\w-]{20,60}/ },
  { kind: "JFrog token", source: "JFrog: reference tokens, API keys", hints: ["cmVmdGtuO", "AKCp"], shape: /(?:cmVmdGtuO[A-Za-z0-9]{40,80}|AKCp[A-Za-z0-9]{60,80})/ },
  { kind: "Vault or Terraform token", source: "HashiCorp: token prefixes", hints: ["hv", ".atlasv1."], shape: /(?:hv[sbr]\.[\w-]{20,300}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{50,80})/ },
  { kind: "Pulumi token", source: "Pulumi: access tokens", hints: ["pul-"], shape: /pul-[a-f0-9]{36,48}/ },
  { kind: "Doppler token", source: "Doppler: token formats", hints: ["dp."], shape: /dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{36,50}/ },
  { kind: "CircleCI token", source: "CircleCI: API tokens", hints: ["CCIPAT_", "CCIPRJ_"], shape: /CCIP(?:AT|RJ)_[A-Za-z0-9]{16,30}_[a-f0-9]{36,48}/ },
  { kind: "Buildkite token", source: "Buildkite: API tokens", hints: ["bkua_", "bkaj_"], shape: /bk(?:ua|aj)_[A-Za-z0-9]{36,50}/ },
  // Model vendors
  { kind: "Anthropic API key", source: "Anthropic: API keys", hints: ["sk-ant-"], shape: /sk-ant-[\w-]{24,200}/ },
  { kind: "model vendor API key", source: "OpenAI, OpenRouter, Langfuse and others: keys with sk- and a family", hints: ["sk-"], shape: /sk-(?:proj|svcacct|admin|none|or-v1|or|lf|kimi|cp|api\d{2}|sp)-[\w-]{20,300}/ },
  { kind: "model vendor API key", source: "OpenAI, DeepSeek, Moonshot and others: keys with sk-", hints: ["sk-"], shape: /[cp]?sk-[A-Za-z0-9]{20,100}/, accept: looksRandom },
  { kind: "Hugging Face token", source: "Hugging Face: user access tokens", hints: ["hf_", "api_org_"], shape: /(?:hf|api_org)_[A-Za-z0-9]{28,60}/ },
  { kind: "Groq API key", source: "Groq: API keys", hints: ["gsk_"], shape: /gsk_[A-Za-z0-9]{32,80}/ },
  { kind: "xAI API key", source: "xAI: API keys", hints: ["xai-"], shape: /xai-[A-Za-z0-9]{40,120}/ },
  { kind: "Perplexity API key", source: "Perplexity: API keys", hints: ["pplx-"], shape: /pplx-[A-Za-z0-9]{32,80}/ },
  { kind: "Replicate token", source: "Replicate: API tokens", hints: ["r8_"], shape: /r8_[A-Za-z0-9]{30,60}/ },
  { kind: "model vendor API key", source: "NVIDIA, Together, Fireworks, Tavily, LangSmith, Pinecone, Jina, Firecrawl, E2B, Weights & Biases: API keys", hints: ["nvapi-", "tgp_v1_", "fw_", "tvly-", "lsv2_", "pcsk_", "jina_", "fc-", "e2b_", "wandb_v1_"], shape: /(?:nvapi-[\w-]{40,90}|tgp_v1_[\w-]{30,60}|fw_[A-Za-z0-9]{20,40}|tvly-(?:dev-|prod-)?[A-Za-z0-9]{24,60}|lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{8,12}|pcsk_[A-Za-z0-9_]{40,90}|jina_[\w-]{40,80}|fc-[a-f0-9]{32}|e2b_[a-f0-9]{36,48}|wandb_v1_[\w-]{30,120})/ },
  { kind: "ElevenLabs API key", source: "ElevenLabs: API keys", hints: ["sk_"], shape: /sk_[a-f0-9]{48}/ },
  // Chat
  { kind: "Slack token", source: "Slack: token types", hints: ["xox", "xapp-", "xwfp-"], shape: /(?:xox[abceoprs](?:\.xox[bp])?-[\w-]{10,300}|x(?:app|wfp)-[\w-]{20,200})/ },
  { kind: "Slack webhook", source: "Slack: incoming webhooks", hints: ["hooks.slack.com"], shape: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Z0-9]{6,14}\/[A-Za-z0-9]{6,24}\/[A-Za-z0-9]{16,80}/ },
  { kind: "Discord webhook", source: "Discord: webhooks", hints: ["/api/"], shape: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{15,22}\/[\w-]{40,100}/ },
  { kind: "Discord bot token", source: "Discord: bot tokens", hints: ["."], shape: /(?:mfa\.[\w-]{80,100}|[MNO][\w-]{22,28}\.[\w-]{6,7}\.[\w-]{27,45})/, accept: looksRandom },
  { kind: "Telegram bot token", source: "Telegram: Bot API", hints: [":A"], shape: /(?:bot)?\d{8,10}:A[\w-]{33,36}/ },
  { kind: "Teams webhook", source: "Microsoft Teams: incoming webhooks", hints: ["webhook.office.com"], shape: /webhook\.office\.com\/webhookb2\/[\w@-]{60,90}\/IncomingWebhook\/[\w-]{20,60}/ },
  // Payments and trade
  { kind: "Stripe key", source: "Stripe: API keys", hints: ["k_live_", "k_test_", "whsec_"], shape: /(?:[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/]{24,80})/ },
  { kind: "Square token", source: "Square: access tokens", hints: ["sq0", "EAAA"], shape: /(?:sq0[a-z]{3}-[\w-]{20,50}|EAAA[\w-]{58,66})/ },
  { kind: "PayPal or Braintree token", source: "Braintree: access tokens", hints: ["access_token$"], shape: /access_token\$(?:production|sandbox)\$[a-z0-9]{12,20}\$[a-f0-9]{28,40}/ },
  { kind: "Shopify token", source: "Shopify: access tokens", hints: ["shp"], shape: /shp(?:at|ca|pa|ss|ua|tka)_[A-Fa-f0-9]{28,48}/ },
  { kind: "payment API key", source: "Razorpay, Flutterwave, EasyPost, Shippo, Plaid: API keys", hints: ["rzp_", "FLWSECK", "EZ", "shippo_", "access-"], shape: /(?:rzp_(?:live|test)_[A-Za-z0-9]{14,30}|FLWSECK(?:_TEST)?-[\w-]{20,60}|EZ[AT]K[A-Za-z0-9]{50,60}|shippo_(?:live|test)_[a-f0-9]{36,44}|access-(?:production|sandbox|development)-[a-f0-9-]{36})/ },
  // Mail, telephone, other services
  { kind: "SendGrid key", source: "SendGrid: API keys", hints: ["SG."], shape: /SG\.[\w-]{16,30}\.[\w-]{32,64}/ },
  { kind: "Mailgun key", source: "Mailgun: API keys", hints: ["key-"], shape: /key-[a-f0-9]{32}/ },
  { kind: "Mailchimp key", source: "Mailchimp: API keys", hints: ["-us"], shape: /[a-f0-9]{32}-us\d{1,2}/ },
  { kind: "Brevo or Resend key", source: "Brevo, Resend: API keys", hints: ["xkeysib-", "xsmtpsib-", "re_"], shape: /(?:x(?:key|smtp)sib-[a-f0-9]{60,70}-[A-Za-z0-9]{12,20}|re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,30})/ },
  { kind: "Twilio key", source: "Twilio: API keys", hints: ["SK"], shape: /SK[a-f0-9]{32}/ },
  { kind: "Facebook token", source: "Meta: access tokens", hints: ["EAA"], shape: /EAA[A-Za-z0-9]{80,300}/, accept: looksRandom },
  { kind: "Twitter bearer token", source: "X: bearer tokens", hints: ["AAAAAAAAAAAAAAAAAAAAA"], shape: /A{21,22}[A-Za-z0-9%]{60,120}/ },
  { kind: "service API key", source: "Airtable, Figma, Notion, Linear, Postman, Contentful, Shortcut, Typeform, 1Password, Tailscale: API tokens", hints: ["pat", "figd_", "ntn_", "secret_", "lin_", "PMAK-", "CFPAT-", "tfp_", "ops_ey", "tskey-"], shape: /(?:pat[A-Za-z0-9]{14}\.[a-f0-9]{60,68}|fig[dou]_[\w-]{36,60}|ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{40,50}|lin_(?:api|oauth)_[A-Za-z0-9]{36,70}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}|CFPAT-[\w-]{40,50}|tfp_[\w.=-]{50,70}|ops_ey[\w-]{60,400}|tskey-[a-z]{2,10}-[A-Za-z0-9]{8,30}-[A-Za-z0-9]{20,60})/ },
  { kind: "monitoring API key", source: "Grafana, New Relic, Sentry, Dynatrace, LaunchDarkly: API keys", hints: ["gl", "NR", "sntry", "dt0c01.", "sdk-", "api-"], shape: /(?:glsa_[A-Za-z0-9]{30,40}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400}|NR(?:AK|AL|II|JS|BR|RA)-[A-Za-z0-9-]{19,48}|sntry[su]_[\w+/=-]{40,300}|dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{60,68}|(?:sdk|api)-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12})/ },
  { kind: "Mapbox secret token", source: "Mapbox: access tokens", hints: ["sk.eyJ"], shape: /sk\.eyJ[\w-]{40,200}\.[\w-]{18,40}/ },
  // Our own
  { kind: "AgentNet invitation", source: "protocol.md section 11", touched: true, hints: ["agentnet-invite-"], shape: /agentnet-invite-\d{1,4}\.[\w-]{20,2000}/ },
  { kind: "an agent's key", source: "protocol.md section 9: agent.key", hints: ["private_key"], shape: /private_key\\?"\s{0,4}:\s{0,4}\\?"[1-9A-HJ-NP-Za-km-z]{80,90}/ },
  // Standards
  { kind: "private key", source: "RFC 7468, RFC 4880 armor, OpenSSH", begins: true, hints: ["PRIVATE"], shape: /-----BEGIN[A-Z0-9 ]{0,40}PRIVATE ?KEY(?: ?BLOCK)?-----(?:\\[nr]|[\s"'`+>|#*]){0,60}(?:(?:Proc-Type|DEK-Info|Version|Comment)|[A-Za-z0-9+/=]{12})/ },
  { kind: "private key", source: "RFC 8017, RFC 5915, RFC 5208 in base64: the first bytes of the key", begins: true, hints: ["IBAA", "IBADA", "CAQAw", "CAQEE", "b3BlbnNzaC1rZXktdjE"], shape: /(?:MI[IG][A-Za-z0-9+/]{1,5}IBAAK[A-Za-z0-9+/]{24}|MI[IG][A-Za-z0-9+/]{1,5}IBADA[A-Za-z0-9+/]{24}|M[A-Za-z0-9+/]{2,5}CAQAwB[A-Za-z0-9+/]{24}|M[A-Za-z0-9+/]{2,5}CAQEE[A-Za-z0-9+/]{24}|b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/]{24})/ },
  { kind: "private key", source: "RFC 7517: the private parts of a JSON Web Key", hints: ["\"d\""], context: /"kty"/, shape: /"d"\s{0,4}:\s{0,4}"[\w-]{40,400}/ },
  { kind: "private key", source: "PuTTY: key files", begins: true, hints: ["Private-Lines"], shape: /Private-Lines: ?\d{1,3}\s{1,4}[A-Za-z0-9+/]{20}/ },
  { kind: "age secret key", source: "age: file format, X25519 identities", hints: ["AGE-SECRET-KEY-", "age-secret-key-"], shape: /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{40,80}/i },
  { kind: "wallet key", source: "BIP 32, Bitcoin WIF, NIP-19", hints: ["prv", "nsec1"], shape: /(?:[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,112}|nsec1[a-z0-9]{50,60})/ },
  { kind: "wallet key", source: "Bitcoin: wallet import format", hints: ["5", "K", "L"], shape: /(?<![A-Za-z0-9+/=_-])(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?![A-Za-z0-9+/=_-])/, context: /wallet|bitcoin|btc|wif|private/i, accept: looksRandom },
  { kind: "JSON Web Token", source: "RFC 7519", begins: true, hints: ["eyJ", "ewog"], shape: /((?:eyJ|ewog)[\w-]{9,600})\.[\w-]{8}/, accept: isTokenHeader },
  { kind: "HTTP credentials", source: "RFC 7617", hints: ["asic "], shape: /[Bb]asic[ \t]{1,3}([A-Za-z0-9+/_=-]{8,400})/, accept: isLoginPair },
  { kind: "Docker registry login", source: "Docker: config.json", hints: ["auth\""], shape: /auth"\s{0,4}:\s{0,4}"([A-Za-z0-9+/=]{8,400})"/, accept: isLoginPair },
  { kind: "bearer token", source: "RFC 6750", hints: ["earer "], shape: /[Bb]earer[ \t]{1,3}([\w.~+/=-]{16,400})/, accept: looksRandom },
];

/** The first part of a JWT, decoded, is a JSON object that names an algorithm. */
function isTokenHeader(part: string): boolean {
  const base64 = part.replaceAll("-", "+").replaceAll("_", "/");
  try {
    return /"(?:alg|typ|kid|enc)"/.test(atob(base64));
  } catch (cause) {
    if (cause instanceof DOMException) return false; // not base64: some other text with dots
    throw cause;
  }
}
