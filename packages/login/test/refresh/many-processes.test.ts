import type { OAuthIssuer } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { bundleChild, type Child, startChild } from "../support/child-program.js";
import { issuerOfTest } from "../support/issuer.js";
import { accessTokenExpiringIn } from "../support/jwt.js";
import { issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { otherFiles, readAuth, temporaryHome, writeAuth } from "../support/temporary-home.js";

const program = await bundleChild("use-login");
const processes = 50;

/** A home whose access token has expired. */
async function expiredHome(issuer: OAuthIssuer): Promise<string> {
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-3600) }));
  return home;
}

/** Starts processes that have all read the login. A few at a time: they share a small machine. */
async function startReady(count: number, home: string, issuer: OAuthIssuer): Promise<Child[]> {
  const children: Child[] = [];
  while (children.length < count) {
    const batch = Array.from({ length: Math.min(10, count - children.length) }, () =>
      startChild(program, [home, issuer.urls.issuer, "3000"]),
    );
    await Promise.all(batch.map((child) => child.lines(1)));
    children.push(...batch);
  }
  return children;
}

async function printedBy(children: readonly Child[]): Promise<(string | undefined)[]> {
  const printed = await Promise.all(children.map(async ({ ended }) => (await ended).output.split("\n")[1]));
  return [...new Set(printed)];
}

test(`${processes} processes that meet an expired token at once make one token request, and all succeed`, async () => {
  const issuer = await issuerOfTest();
  const home = await expiredHome(issuer);
  const children = await startReady(processes, home, issuer);
  for (const child of children) child.go();
  const printed = await printedBy(children);
  expect(printed).toEqual([`Bearer ${(await readAuth(home))?.tokens?.access_token}`]);
  expect(issuer.requests).toHaveLength(1);
  expect(await otherFiles(home)).toEqual([]);
}, 120_000);

test("when the one that refreshes is killed, another does it: at most one more request, and all succeed", async () => {
  const issuer = await issuerOfTest();
  const home = await expiredHome(issuer);
  const [first, ...others] = await startReady(12, home, issuer);
  // The first request is taken and not yet acted upon when its sender dies.
  issuer.fault({ kind: "hold", until: issuer.waitForRequests(2) });
  first?.go();
  const [request] = await issuer.waitForRequests(1);
  for (const child of others) child.go();
  first?.process.kill("SIGKILL");
  expect(await request?.outcome).toBe("aborted");
  expect(await printedBy(others)).toEqual([`Bearer ${(await readAuth(home))?.tokens?.access_token}`]);
  expect(issuer.requests).toHaveLength(2);
}, 120_000);

test("1,000 callers in one process make one token request, through whichever manager", async () => {
  const issuer = await issuerOfTest();
  const home = await expiredHome(issuer);
  const managers = await Promise.all(Array.from({ length: 10 }, () => managerOf(home, issuer)));
  const callers = Array.from({ length: 1000 }, async (_, index) => {
    const auth = await managers[index % managers.length]?.auth();
    return auth?.token();
  });
  expect([...new Set(await Promise.all(callers))]).toEqual([(await readAuth(home))?.tokens?.access_token]);
  expect(issuer.requests).toHaveLength(1);
});

test("1,000 requests that are answered 401 at once make one token request", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const { provider } = await managerOf(home, issuer);
  const rejection = { status: 401, headers: new Headers(), body: "" };
  const recovered = await Promise.all(
    Array.from({ length: 1000 }, async () => [
      await provider.recover?.({ ...rejection, round: 0 }),
      await provider.recover?.({ ...rejection, round: 1 }),
      await provider.recover?.({ ...rejection, round: 2 }),
    ]),
  );
  expect(new Set(recovered.map((rounds) => rounds.join()))).toEqual(new Set(["true,true,false"]));
  expect(issuer.requests.map((request) => request.json()["refresh_reason"])).toEqual([
    "unauthorized_recovery",
  ]);
});
