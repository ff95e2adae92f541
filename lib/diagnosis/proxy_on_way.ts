/** A proxy that stands between this host and the relay. */
export interface ProxyOnWay {
  /** Its address, http:// or https://; a password may stand in it. */
  readonly url: string;
  /** host:port, as it may be shown. */
  readonly shown: string;
}
