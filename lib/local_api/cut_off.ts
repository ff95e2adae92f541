/** The connection to the daemon ended after the request had begun to go out: it may have been carried out. */
export class CutOff extends Error {
  override readonly name = "CutOff";

  constructor(cause: unknown) {
    super("the connection ended before the answer", { cause });
  }
}
