import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";

/** A page as `deno task pages` builds it; texts are base64 of gzip. */
export interface BuiltPage {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  readonly icon: string;
  /** Of all that it is made of: another page has another one. */
  readonly version: string;
}

/** A file of a page, ready to be sent. */
export interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Of every file of a page: nothing from anywhere else, no script or style in the page itself, no frame around it, no
 * text that becomes markup (CSP level 3, Trusted Types).
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    ...["script-src", "style-src", "img-src", "connect-src"].map((what) =>
      `${what} 'self'`
    ),
    ...["base-uri", "form-action", "frame-ancestors"].map((what) =>
      `${what} 'none'`
    ),
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** Content is kept by the browser for ever: another one has another name. */
const FOR_EVER = "public, max-age=31536000, immutable";

interface Carried {
  readonly type: string;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** The files of a page under a folder of the server. */
export class PageFiles {
  readonly #document: Uint8Array<ArrayBuffer>;
  readonly #files: ReadonlyMap<string, Carried>;

  /** @param folder where script, style and icon are served, such as "/page/"; the document may be anywhere. */
  constructor(page: BuiltPage, folder: string) {
    const name = (kind: string) => `${folder}${page.version}.${kind}`;
    this.#document = bytesOf(documentOf(page.title, name));
    this.#files = new Map([
      [name("js"), carried("text/javascript", page.script)],
      [name("css"), carried("text/css", page.style)],
      [name("svg"), carried("image/svg+xml", page.icon)],
    ]);
  }

  /** The document itself, which holds nothing but the names of the others. */
  document(): PageFile {
    const headers = {
      ...PAGE_HEADERS,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    };
    return { content: this.#document, headers };
  }

  /** @returns undefined where there is no file of this path. */
  file(path: string, takesGzip: boolean): PageFile | undefined {
    const found = this.#files.get(path);
    if (found === undefined) return undefined;
    const headers = {
      ...PAGE_HEADERS,
      "content-type": `${found.type}; charset=utf-8`,
      "cache-control": FOR_EVER,
      "vary": "accept-encoding",
    };
    return takesGzip
      ? {
        content: found.gzip,
        headers: { ...headers, "content-encoding": "gzip" },
      }
      : { content: new Uint8Array(gunzipSync(found.gzip)), headers };
  }
}

/** Whether a request's Accept-Encoding names gzip, and does not refuse it (RFC 9110 section 12.5.3). */
export function takesGzip(acceptEncoding: string): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))?[^,;]*(?:,|$)/i
    .test(acceptEncoding);
}

function carried(type: string, base64: string): Carried {
  return { type, gzip: new Uint8Array(Buffer.from(base64, "base64")) };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** @param title the program's own, without markup. */
function documentOf(title: string, name: (kind: string) => string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${name("svg")}" type="image/svg+xml">
<link rel="stylesheet" href="${name("css")}">
<script type="module" src="${name("js")}"></script>
</head>
<body>
<div id="page"><noscript>This page needs JavaScript, of its own server alone.</noscript></div>
</body>
</html>
`;
}
