import { Pulse } from "./pulse.js";
import { abortedError, RemoteControlError } from "./remote-control-error.js";

/** The text with which pairing is refused as long as this server is not enrolled. */
export const pairingUnavailableText = "remote control pairing is unavailable until enrollment completes";

/** For which client of the host an enrolment is. Some hosts learn that only when their client introduces itself. */
export class ClientName {
  readonly #pulse = new Pulse();
  #name: string | undefined;

  /** @param name - Nothing: it is not known yet. Empty: the host serves no single client. */
  constructor(name: string | undefined) {
    this.#name = name;
  }

  /** Takes in who it is, unless that is known. */
  adopt(name: string | undefined): void {
    if (name === undefined || this.#name !== undefined) return;
    this.#name = name;
    this.#pulse.notify();
  }

  /** @throws {@link RemoteControlError} with code `pairing_unavailable` when it is not known yet. */
  require(): string {
    if (this.#name !== undefined) return this.#name;
    throw new RemoteControlError(pairingUnavailableText, {
      kind: "invalid_input",
      code: "pairing_unavailable",
    });
  }

  /** @throws {@link RemoteControlError} of kind `aborted`. */
  async known(signal: AbortSignal): Promise<string> {
    while (this.#name === undefined) {
      if (signal.aborted) throw abortedError(signal);
      await this.#pulse.wait(signal);
    }
    return this.#name;
  }
}
