/** What has the daemon's port did not prove that it knows the token: nothing of the request was sent. */
export class Unproven extends Error {
  override readonly name = "Unproven";

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
  }
}
