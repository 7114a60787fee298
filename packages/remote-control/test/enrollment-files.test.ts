import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { EnrollmentRows } from "../src/enrollment-rows.js";
import { EnrollmentFiles, type IgnoredFileReport } from "../src/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const key = { websocketUrl: "ws://localhost/server", accountId: "account-a", clientName: "" };
const other = { ...key, accountId: "account-b" };
const enrollment = { serverId: "srv", environmentId: "env", serverName: "Büro" };
const full = { ...enrollment, websocketUrl: key.websocketUrl, accountId: key.accountId };

async function openFiles() {
  const ignored: IgnoredFileReport[] = [];
  const files = new EnrollmentFiles(await temporaryFolder(), { onIgnored: (report) => ignored.push(report) });
  return { files, ignored, rows: new EnrollmentRows(files, () => 1_000_999) };
}

test("keeps an enrolment for its account, and for nobody else", async () => {
  const { files, rows } = await openFiles();
  await rows.save(key, full, null);
  expect(await files.load(key)).toEqual({ ...enrollment, isEnabled: null, updatedAt: 1000 });
  for (const strange of [
    other,
    { ...key, websocketUrl: "ws://localhost:1/server" },
    { ...key, clientName: "vscode" },
  ])
    expect(await files.load(strange)).toBeUndefined();
});

test("is readable by the owner alone, and holds no token", async () => {
  const { files, rows } = await openFiles();
  await rows.save(key, full, true);
  const path = files.pathOf(key);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Object.keys(JSON.parse(await readFile(path, "utf8")))).toEqual([
    "websocket_url",
    "account_id",
    "app_server_client_name",
    "server_id",
    "environment_id",
    "server_name",
    "updated_at",
    "remote_control_enabled",
  ]);
});

test("a new enrolment keeps what was said about switching on", async () => {
  const { files, rows } = await openFiles();
  await rows.save(key, full, null);
  expect(await rows.setEnabled(key, true)).toBe(true);
  await rows.save(key, { ...full, serverId: "srv-2" }, null);
  expect(await files.load(key)).toMatchObject({ serverId: "srv-2", isEnabled: true });
  expect(await rows.setEnabled(key, false)).toBe(true);
  await rows.save(key, full, true);
  expect(await files.load(key)).toMatchObject({ isEnabled: false });
});

test("switching on or off touches the one enrolment, and none that is not there", async () => {
  const { files, rows } = await openFiles();
  await rows.save(key, full, null);
  expect(await rows.setEnabled(other, true)).toBe(false);
  expect([await files.load(other), (await files.load(key))?.isEnabled]).toEqual([undefined, null]);
});

test("removing touches the one enrolment", async () => {
  const { files, rows } = await openFiles();
  await rows.save(key, full, null);
  await rows.save(other, { ...full, accountId: other.accountId }, null);
  await files.remove(key);
  await files.remove(key);
  expect([await files.load(key), (await files.load(other))?.serverId]).toEqual([undefined, "srv"]);
});

test("refuses to keep the enrolment of one account for another", async () => {
  const { rows } = await openFiles();
  await expect(rows.save(other, full, null)).rejects.toMatchObject({
    message: "enrollment account_id does not match expected account_id `account-b`",
  });
});

test.each([
  ["", "invalid", "it is not JSON"],
  ['{"websocket_url": "ws://loc', "invalid", "it is not JSON"],
  ["[]", "invalid", "it is not as it should be"],
  ['{"server_id": 7}', "invalid", "websocket_url is not as it should be"],
])("ignores the torn file %j, and says why", async (text, reason, detail) => {
  const { files, ignored, rows } = await openFiles();
  await rows.save(key, full, true);
  const path = files.pathOf(key);
  await writeFile(path, text);
  expect(await files.load(key)).toBeUndefined();
  expect(ignored).toEqual([{ path, reason, detail }]);
});

test.each([
  ["account_id", { accountId: "account-b" }],
  ["websocket_url", { websocketUrl: "wss://chatgpt.com/" }],
  ["app_server_client_name", { clientName: "vscode" }],
])("ignores a file with another %s, and says so", async (member, difference) => {
  const { files, ignored } = await openFiles();
  const foreign = { ...key, ...difference };
  await files.save(foreign, { ...enrollment, isEnabled: true, updatedAt: 0 });
  await writeFile(files.pathOf(key), await readFile(files.pathOf(foreign)));
  expect(await files.load(key)).toBeUndefined();
  expect(ignored).toMatchObject([{ reason: "foreign", detail: `${member} is another one` }]);
});

test("a file that cannot be read is no missing one", async () => {
  const { files, rows } = await openFiles();
  await mkdir(files.pathOf(key));
  await expect(rows.load(key)).rejects.toMatchObject({
    kind: "other",
    message: expect.stringMatching(/^failed to load remote control enrollment: EISDIR/),
  });
});

test.each(["", 7 as unknown as string])("%j is no folder", (folder) => {
  expect(() => new EnrollmentFiles(folder)).toThrow(TypeError);
});
