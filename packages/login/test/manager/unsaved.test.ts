import { expect, test } from "vitest";
import type { AuthJson, AuthStorage, RefreshReport } from "../../src/index.js";
import { LoginError } from "../../src/index.js";
import { issuerOfTest } from "../support/issuer.js";
import { accessTokenExpiringIn } from "../support/jwt.js";
import { issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { temporaryHome } from "../support/temporary-home.js";

/** A storage that can be made to refuse writes. */
class FullDisk implements AuthStorage {
  readonly location = "a full disk";
  stored: AuthJson | undefined;
  isFull = false;

  async load(): Promise<AuthJson | undefined> {
    return this.stored;
  }

  async save(auth: AuthJson): Promise<void> {
    if (this.isFull) throw new LoginError("no space left", { kind: "storage" });
    this.stored = auth;
  }

  async delete(): Promise<boolean> {
    this.stored = undefined;
    return true;
  }
}

test("tokens that cannot be stored are used all the same, told of, and stored when that works again", async () => {
  const issuer = await issuerOfTest();
  const disk = new FullDisk();
  const old = issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-60) });
  disk.stored = old;
  const reports: RefreshReport[] = [];
  const telemetry = { onRefresh: (report: RefreshReport) => void reports.push(report) };
  const manager = await managerOf(await temporaryHome(), issuer, { storage: disk, telemetry });
  disk.isFull = true;
  const auth = await manager.auth();
  expect(auth?.token()).not.toBe(old.tokens?.access_token);
  expect(reports.map(({ outcome, error }) => [outcome, error?.kind])).toEqual([["refreshed", "unsaved"]]);
  expect(disk.stored).toBe(old);

  // Reading the old tokens again does not bring them back: they are used up.
  await manager.reload();
  expect(await manager.unauthorizedRecovery().next()).toBe(false);
  expect(manager.cached()?.token()).toBe(auth?.token());

  disk.isFull = false;
  await manager.reload();
  expect(disk.stored?.tokens?.access_token).toBe(auth?.token());
  expect(manager.cached()?.token()).toBe(auth?.token());
  expect(issuer.requests).toHaveLength(1);
});

test("who asks for a refresh is told that its outcome could not be stored", async () => {
  const issuer = await issuerOfTest();
  const disk = new FullDisk();
  disk.stored = issuedLogin(issuer);
  const manager = await managerOf(await temporaryHome(), issuer, { storage: disk });
  disk.isFull = true;
  await expect(manager.refresh()).rejects.toMatchObject({
    kind: "unsaved",
    message: expect.stringContaining("new tokens were issued, but could not be stored: no space left"),
    cause: expect.objectContaining({ kind: "storage" }),
  });
});

test("unsaved tokens give way to a login that somebody else has made", async () => {
  const issuer = await issuerOfTest();
  const disk = new FullDisk();
  disk.stored = issuedLogin(issuer);
  const manager = await managerOf(await temporaryHome(), issuer, { storage: disk });
  disk.isFull = true;
  await manager.refresh().catch(() => {});
  const newer = issuedLogin(issuer);
  disk.isFull = false;
  disk.stored = newer;
  await manager.reload();
  expect(manager.cached()?.token()).toBe(newer.tokens?.access_token);
  expect(disk.stored).toBe(newer);
});

test("and are gone with logout", async () => {
  const issuer = await issuerOfTest();
  const disk = new FullDisk();
  const old = issuedLogin(issuer);
  disk.stored = old;
  const manager = await managerOf(await temporaryHome(), issuer, { storage: disk });
  disk.isFull = true;
  await manager.refresh().catch(() => {});
  await manager.logout();
  disk.isFull = false;
  disk.stored = old;
  await manager.reload();
  expect(manager.cached()?.token()).toBe(old.tokens?.access_token);
});
