/** What every signed operation carries. */
export interface Signed {
  readonly nonce: string;
  readonly timestamp: number;
  readonly signature: string;
}

export interface TextContent {
  readonly type: "text";
  readonly text: string;
}

/** What a relay knows of a message that it passes on. */
export interface RelayStamp {
  readonly from_name?: string;
  readonly seq?: number;
  readonly received_at?: number;
}
