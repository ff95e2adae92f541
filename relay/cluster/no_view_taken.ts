const ASK_LATER =
  'start this relay again once another one serves, and see docs/operating-a-cluster.md, "A relay that was down for too long"';

/** No copy of another relay's view is there: nobody offers one, none of those came whole, or this relay can't keep it. */
export class NoViewTaken extends Error {
  /** What to do about it. */
  readonly fix: string;

  constructor(reason: string, fix = ASK_LATER) {
    super(reason);
    this.fix = fix;
  }
}
