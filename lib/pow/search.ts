/** A disjoint part of the proofs: number `index` of `of` equal parts. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** What one step of a search came to. */
export interface Step {
  /** Candidates tried in this step. */
  readonly hashes: number;
  /** A proof that `checkProof` has confirmed, if the step found one. */
  readonly proof?: string;
}

/** A walk over a share of the proofs of one challenge, a millisecond or less at a time. */
export interface Search {
  step(): Step;
}

/** What a search is for. */
export interface SearchTask {
  readonly challenge: string;
  /** Leading zero bits asked for. */
  readonly difficulty: number;
  readonly share: Share;
}
