import type { FromLog, ToLog } from "../core/log/log_port.ts";

/** The part of a MessagePort that is needed here. */
export interface LogPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** The socket worker's end of the cluster's log. */
export class LogClient {
  readonly #heard: (said: FromLog) => void;
  #port: LogPort | undefined;

  constructor(heard: (said: FromLog) => void) {
    this.#heard = heard;
  }

  /** Takes the port to a worker that was just started, in place of any before it. */
  connect(port: LogPort): void {
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => {
      if (port === this.#port) this.#heard(data as FromLog);
    };
  }

  say(message: ToLog): void {
    this.#port?.postMessage(message);
  }
}
