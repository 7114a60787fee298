import { createHash, randomBytes, randomUUID } from "node:crypto";

interface DeviceLogin {
  readonly userCode: string;
  readonly codeVerifier: string;
  readonly codeChallenge: string;
  pendingPolls: number;
}

/** Devices that wait for their user. */
export class DeviceLogins {
  readonly intervalSeconds: number;
  readonly #pendingPolls: number;
  readonly #logins = new Map<string, DeviceLogin>();

  constructor(options: {
    readonly deviceIntervalSeconds?: number | undefined;
    readonly devicePendingPolls?: number | undefined;
  }) {
    const { deviceIntervalSeconds = 0, devicePendingPolls = 0 } = options;
    this.intervalSeconds = deviceIntervalSeconds;
    this.#pendingPolls = devicePendingPolls;
  }

  start(): { readonly deviceAuthId: string; readonly userCode: string } {
    const deviceAuthId = `deviceauth-${randomUUID()}`;
    const userCode = `${randomBytes(2).toString("hex")}-${randomBytes(2).toString("hex")}`.toUpperCase();
    const codeVerifier = randomBytes(64).toString("base64url");
    const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
    this.#logins.set(deviceAuthId, {
      userCode,
      codeVerifier,
      codeChallenge,
      pendingPolls: this.#pendingPolls,
    });
    return { deviceAuthId, userCode };
  }

  /** Lets a device go on at its next poll. */
  approve(userCode: string): void {
    for (const login of this.#logins.values()) if (login.userCode === userCode) login.pendingPolls = 0;
  }

  /** Answers one poll: what the device exchanges a code with, or nothing while it is pending. */
  poll(deviceAuthId: string, userCode: string): Omit<DeviceLogin, "pendingPolls"> | "pending" | "unknown" {
    const login = this.#logins.get(deviceAuthId);
    if (login?.userCode !== userCode) return "unknown";
    if (login.pendingPolls > 0) {
      login.pendingPolls -= 1;
      return "pending";
    }
    this.#logins.delete(deviceAuthId);
    return login;
  }
}
