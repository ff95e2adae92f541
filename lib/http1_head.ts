/** The head of an HTTP answer. */
export interface HttpHead {
  readonly status: number;
  readonly headers: Headers;
}

/** A GET of which only the answer's head is read. Rejects as `fetch` does. */
export type GetHead = (
  url: string,
  options: { readonly headers: HeadersInit; readonly signal: AbortSignal },
) => Promise<HttpHead>;

/**
 * A GET over HTTP/1.1 alone (ALPN `http/1.1`) on a connection of its own. Redirections are not followed; a proxy of
 * the environment is.
 *
 * @param caCerts authorities to trust besides those of the runtime, PEM.
 */
export function http1Head(caCerts: readonly string[] = []): GetHead {
  return async (url, { headers, signal }) => {
    const client = Deno.createHttpClient({
      http2: false,
      poolMaxIdlePerHost: 0,
      caCerts: [...caCerts],
    });
    try {
      const response = await fetch(url, {
        ...{ client, headers, signal },
        redirect: "manual",
      });
      await response.body?.cancel();
      return response;
    } finally {
      client.close();
    }
  };
}
