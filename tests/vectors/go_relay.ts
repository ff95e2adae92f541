import vectors from "./go_relay.json" with { type: "json" };

/** Values made by the Go relay's own code, kept beside this file as they came. */
export const goRelay: {
  readonly canonical: readonly { readonly in: string; readonly canonical: string }[];
  readonly signatures: readonly {
    readonly frame: string;
    readonly signed_bytes: string;
    readonly signature: string;
  }[];
  readonly key: { readonly seed_hex: string; readonly private_key: string; readonly agent_id: string };
  readonly pow: readonly {
    readonly challenge: string;
    readonly difficulty: number;
    readonly proof: string;
    readonly sha256: string;
  }[];
} = vectors;
