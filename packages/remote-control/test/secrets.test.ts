import { inspect } from "node:util";
import { expect, test } from "vitest";
import { openSession, openWorld, untilStatus } from "./support/world.js";

test("no token and no code is seen in errors, telemetry, or whatever is printed", async () => {
  const world = await openWorld();
  const printed: string[] = [];
  const print = (value: unknown): void => {
    printed.push(inspect(value, { depth: 30, showHidden: true }), JSON.stringify(value) ?? "");
    for (let error = value; error instanceof Error; error = error.cause) printed.push(error.stack ?? "");
  };
  const control = await world.start({
    telemetry: {
      onConnectFailed: print,
      onDisconnected: print,
      onIgnored: print,
      onStatus: print,
    },
  });
  const { server, client } = await openSession(world, control);
  const { pairingCode, manualPairingCode } = await control.startPairing({ manualCode: true });
  const token = world.backend.requests
    .map(({ headers }) => headers.authorization ?? "")
    .find((value) => value.startsWith("Bearer rct_"))
    ?.slice("Bearer ".length);
  const secrets = [token ?? "", "login-token-a", pairingCode, manualPairingCode ?? ""];
  expect(secrets.every((secret) => secret.length > 6)).toBe(true);

  // A backend that says whatever it was sent.
  const faultOf = (path: RegExp | string, sent: string) => {
    const body = `{"deep":{"remote_control_token":"${sent}"},"echo":"Bearer ${sent}"}`;
    return { kind: "status", status: 500, path, body, headers: { "x-echo": body } } as const;
  };
  for (const path of [/\/server$/, "/server/pair", "/pair/status"])
    world.backend.fault(faultOf(path, token ?? ""));
  for (const path of ["/refresh", "/clients"]) world.backend.fault(faultOf(path, "login-token-a"));
  server.disconnect();
  await untilStatus(control, "errored");
  for (const call of [
    () => control.startPairing(),
    () => control.isPairingClaimed({ pairingCode }),
    () => control.listClients("e"),
    () => control.enable({ signal: AbortSignal.abort() }),
  ])
    print(await call().catch((error: unknown) => error));
  await untilStatus(control, "connected");
  server.expireTokens();
  server.disconnect();
  await server.waitForConnections(3);
  print(control);
  print(client);
  print(control.lastError);
  print(world.store);
  expect(printed.length).toBeGreaterThan(20);
  for (const text of printed) for (const secret of secrets) expect(text).not.toContain(secret);
});
