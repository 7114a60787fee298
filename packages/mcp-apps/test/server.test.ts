import { describe, expect, test } from "vitest";
import {
  codexAppsServer,
  codexAppsServerUrl,
  isCodexAppsServer,
  isMcpAppsError,
  withCodexApps,
} from "../src/index.js";

describe("codexAppsServer", () => {
  test("is that of ChatGPT by default", () => {
    expect(codexAppsServer({ clientVersion: "0.169.0" })).toEqual({
      transport: "streamable_http",
      url: "https://chatgpt.com/backend-api/ps/mcp",
      chatgptBaseUrl: "https://chatgpt.com/backend-api",
      auth: "chatgpt",
      allowedOrigins: [],
      headers: { "user-agent": "codex-mcp-client/0.169.0", "x-openai-product-sku": "codex" },
      isHostOwned: true,
      clientVersion: "0.169.0",
      enabled: true,
      required: false,
      startupTimeoutMs: 30_000,
      toolTimeoutMs: 300_000,
      supportsParallelToolCalls: false,
    });
  });

  test("passes the product on, or none", () => {
    expect(codexAppsServer({ productSku: "tpp" }).headers).toHaveProperty("x-openai-product-sku", "tpp");
    expect(codexAppsServer({ productSku: null }).headers).not.toHaveProperty("x-openai-product-sku");
  });

  test.each([
    [{ CODEX_CONNECTORS_TOKEN: "t" }, "CODEX_CONNECTORS_TOKEN"],
    [{ CODEX_CONNECTORS_TOKEN: "\ufffd" }, "CODEX_CONNECTORS_TOKEN"],
    [{ CODEX_CONNECTORS_TOKEN: " " }, undefined],
    [{}, undefined],
    [undefined, undefined],
  ])("names the variable of a token, and not the token, in %j", (env, variable) => {
    expect(codexAppsServer({ env }).bearerTokenEnvVar).toBe(variable);
  });

  test.each([
    ["https://chatgpt.com", "chatgpt"],
    ["https://chatgpt.com:443/backend-api", "chatgpt"],
    ["https://chatgpt-staging.com/backend-api", "chatgpt"],
    ["https://a.chatgpt-staging.com/backend-api", "chatgpt"],
    ["https://chatgpt.com:8443", "none"],
    ["http://chatgpt.com", "none"],
    ["https://chat.openai.com", "none"],
    ["https://a.chatgpt.com", "none"],
    ["https://chatgpt.com.evil.example", "none"],
    ["https://evilchatgpt-staging.com", "none"],
    ["http://chatgpt-staging.com", "none"],
    ["https://relay.example:8443/x", "chatgpt"],
    ["https://relay.example", "none"],
  ])("decides by the origin whether %s may see the login", (chatgptBaseUrl, auth) => {
    const allowedOrigins = ["https://relay.example:8443/"];
    expect(codexAppsServer({ chatgptBaseUrl, allowedOrigins }).auth).toBe(auth);
    expect(codexAppsServer({ chatgptBaseUrl, allowedOrigins, endpoint: "apps" }).auth).toBe(auth);
  });

  test.each([
    "chatgpt.com",
    "",
    "file:///etc/passwd",
    "https://user:pw@chatgpt.com",
    "https://user@chatgpt.com",
  ])("refuses the base URL %j", (chatgptBaseUrl) => {
    expect(() => codexAppsServer({ chatgptBaseUrl })).toThrow(
      expect.toSatisfy(
        (error) => isMcpAppsError(error) && error.kind === "config" && !error.message.includes("pw"),
      ),
    );
  });

  test.each([
    "relay.example",
    "https://relay.example/path",
    "https://u@relay.example",
    "ftp://relay.example",
    "*",
  ])("refuses the allowed origin %j", (origin) => {
    expect(() => codexAppsServer({ allowedOrigins: [origin] })).toThrow(TypeError);
  });

  test.each(["startupTimeoutMs", "toolTimeoutMs"])("refuses a negative %s", (name) => {
    expect(() => codexAppsServer({ [name]: -1 })).toThrow(
      `"${name}" must be a non-negative number of milliseconds`,
    );
    expect(() => codexAppsServer({ [name]: Number.NaN })).toThrow(TypeError);
  });

  test("finds the end of a very long base URL in no time", () => {
    const slashes = "/".repeat(200_000);
    expect(codexAppsServerUrl(`https://x.example${slashes}a${slashes}`)).toContain("/a/api/codex/ps/mcp");
  });
});

describe("withCodexApps", () => {
  const server = codexAppsServer();
  const login = { usesCodexBackend: true };
  const docs = { url: "https://docs.example" };

  test("adds Codex Apps to the servers of the user", () => {
    expect(withCodexApps({ docs }, { areAppsEnabled: true, login, server })).toEqual({
      docs,
      codex_apps: server,
    });
  });

  test.each([
    [
      "the login does not use the Codex backend",
      { areAppsEnabled: true, login: { usesCodexBackend: false } },
    ],
    ["there is no login", { areAppsEnabled: true, login: undefined }],
    ["apps are not wanted", { areAppsEnabled: false, login }],
    ["an extension removes it", { areAppsEnabled: true, login, extensions: [docs, null] }],
  ])("leaves it out when %s, also if the user has written it", (_why, facts) => {
    const servers = { docs, codex_apps: { url: "https://evil.example" } };
    expect(withCodexApps(servers, { server, ...facts })).toEqual({ docs });
  });

  test("overrules what the user has written under its name, but not that it is disabled", () => {
    const overruled = withCodexApps({ codex_apps: docs }, { areAppsEnabled: true, login, server });
    expect(overruled).toEqual({ codex_apps: server });
    const servers = { codex_apps: { ...docs, enabled: false } };
    const disabled = withCodexApps(servers, { areAppsEnabled: true, login, server });
    expect(disabled).toEqual({ codex_apps: { ...server, enabled: false } });
  });

  test("takes the registration of the last extension in its place", () => {
    const [first, second] = [codexAppsServer({ endpoint: "apps" }), codexAppsServer({ productSku: "x" })];
    const extensions = [null, first, second];
    const servers = { codex_apps: { enabled: false } };
    expect(withCodexApps({}, { areAppsEnabled: true, login, server, extensions })).toEqual({
      codex_apps: second,
    });
    expect(withCodexApps(servers, { areAppsEnabled: true, login, server, extensions })).toEqual({
      codex_apps: { ...second, enabled: false },
    });
  });
});

test("knows its own entry by the reserved name and its mark", () => {
  const server = codexAppsServer();
  expect(isCodexAppsServer("codex_apps", { ...server, enabled: false })).toBe(true);
  expect(isCodexAppsServer("codex_apps", { url: server.url })).toBe(false);
  expect(isCodexAppsServer("docs", server)).toBe(false);
});
