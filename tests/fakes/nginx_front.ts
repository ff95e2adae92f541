import { Background } from "../../scripts/background.ts";

/** Debian keeps it out of a user's PATH. */
const PROGRAM = "/usr/sbin/nginx";

export const hasNginx = isThere(PROGRAM);
export const hasOpenssl = isThere("/usr/bin/openssl");

export interface NginxOptions {
  /** A folder for its files. */
  readonly folder: string;
  /** The `server { … }` block of the page, as an operator copies it. */
  readonly server: string;
  /** host:port of the relay. */
  readonly relay: string;
  /** What else stands behind `ssl` where it listens, as "http2". */
  readonly flags?: string;
}

/** A real nginx in front of a relay, with a test certificate for 127.0.0.1. */
export class NginxFront {
  readonly #process: Background;
  /** host:port that it listens on, TLS alone. */
  readonly address: string;
  /** The certificate, PEM. */
  readonly ca: string;

  private constructor(process: Background, address: string, ca: string) {
    this.#process = process;
    this.address = address;
    this.ca = ca;
  }

  static async start(options: NginxOptions): Promise<NginxFront> {
    const { folder } = options;
    const ca = await makeCertificate(folder);
    const address = freeAddress();
    const path = `${folder}/nginx.conf`;
    await Deno.writeTextFile(path, configuration(options, address));
    const process = new Background(
      new Deno.Command(PROGRAM, {
        args: ["-c", path, "-p", folder, "-e", "stderr"],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    const front = new NginxFront(process, address, ca);
    try {
      await process.line(/start worker process /, 10_000);
      return front;
    } catch (error) {
      await front[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.end();
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** nginx can't be asked for any free port. */
function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}

/** The page's block with our address, certificate and relay, and around it what every nginx has. */
function configuration(
  { folder, server, relay, flags = "" }: NginxOptions,
  address: string,
): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const block = server
    .replace("listen 443 ssl;", `listen ${address} ssl ${flags};`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
    .replace(
      /ssl_certificate_key .*;/,
      `ssl_certificate_key ${folder}/key.pem;`,
    )
    .replace("127.0.0.1:8080", relay);
  return [
    "daemon off;",
    "worker_processes 1;",
    `pid ${folder}/nginx.pid;`,
    "error_log stderr notice;",
    ...(Deno.uid() === 0 ? ["user root;"] : []),
    "events { worker_connections 256; }",
    "http {",
    "access_log off;",
    ...temporary,
    block,
    "}",
    "",
  ].join("\n");
}

/** A certificate for this host, checked by itself: cert.pem and key.pem. @returns the certificate, PEM */
export async function makeCertificate(folder: string): Promise<string> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
      ...["-subj", "/CN=relay.example.org"],
      ...["-addext", "subjectAltName=DNS:relay.example.org,IP:127.0.0.1"],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`],
    ],
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return await Deno.readTextFile(`${folder}/cert.pem`);
}
