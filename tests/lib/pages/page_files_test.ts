import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { PageFiles, takesGzip } from "../../../lib/pages/page_files.ts";
import { RELAY_PAGE } from "../../../lib/pages/relay_page.ts";

const FILES = new PageFiles(RELAY_PAGE, "/page/");
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("PageFiles: the document names files that are there, and holds no script or style of its own", () => {
  const { content, headers } = FILES.document();
  const html = text(content);
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) =>
    String(path)
  );
  assert.equal(named.length, 3);
  for (const path of named) assert.ok(FILES.file(path, true), path);
  assert.doesNotMatch(html, /<script[^>]*>[^<]|<style|\son\w+=|style=/);
  assert.match(
    headers["content-security-policy"] ?? "",
    /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
  );
});

Deno.test("PageFiles.file: packed for who takes it, the same plain for who doesn't, under 60 KB in all", () => {
  const html = text(FILES.document().content);
  let bytes = FILES.document().content.length;
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    const packed = FILES.file(String(path), true);
    const plain = FILES.file(String(path), false);
    assert.ok(packed && plain);
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.deepEqual(
      new Uint8Array(gunzipSync(packed.content)),
      plain.content,
    );
    assert.equal(packed.headers["x-content-type-options"], "nosniff");
    bytes += packed.content.length;
  }
  assert.ok(bytes < 60_000, `${bytes}`);
});

Deno.test("PageFiles: nothing of a page names another host", () => {
  const html = text(FILES.document().content);
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
    const found = FILES.file(String(path), false);
    assert.ok(found);
    const urls = text(found.content).match(/https?:\/\/[\w.]+/g) ?? [];
    const hosts = new Set(urls.map((url) => new URL(url).host));
    hosts.delete("www.w3.org");
    assert.deepEqual([...hosts], [], String(path));
  }
});

Deno.test("takesGzip: what Accept-Encoding says", () => {
  for (const yes of ["gzip", "br, gzip", "gzip;q=0.5, br", "GZIP , br"]) {
    assert.equal(takesGzip(yes), true, yes);
  }
  for (const no of ["", "br", "identity", "gzip;q=0", "gzip; q=0.0, br"]) {
    assert.equal(takesGzip(no), false, no);
  }
});
