import { expect, test } from "vitest";
import { authorizeUrl } from "../../src/flows/authorize-url.js";
import { codexOAuthProfile } from "../../src/oauth/oauth-profile.js";

const request = {
  profile: codexOAuthProfile,
  redirectUri: "http://localhost:1455/auth/callback",
  codeChallenge: "d-tPkxk37XPMxus_-J6yZXGjoN4TOADR8GPQl-whssA",
  state: "test_state_123",
  originator: "codex_cli_rs",
  workspaceIds: ["ws-a", "ws-b"],
};

test("the address is that of the vector, character by character", () => {
  expect(authorizeUrl(request)).toBe(
    "https://auth.openai.com/oauth/authorize?response_type=code&client_id=app_EMoamEEZ73f0CkXaXp7hrann" +
      "&redirect_uri=http%3A%2F%2Flocalhost%3A1455%2Fauth%2Fcallback" +
      "&scope=openid%20profile%20email%20offline_access%20api.connectors.read%20api.connectors.invoke" +
      "&code_challenge=d-tPkxk37XPMxus_-J6yZXGjoN4TOADR8GPQl-whssA&code_challenge_method=S256" +
      "&id_token_add_organizations=true&codex_cli_simplified_flow=true&state=test_state_123" +
      "&originator=codex_cli_rs&allowed_workspace_id=ws-a%2Cws-b",
  );
});

test("without workspaces there is no parameter for them", () => {
  expect(authorizeUrl({ ...request, workspaceIds: [] })).toMatch(/&originator=codex_cli_rs$/);
});

test("what an originator holds cannot become another parameter", () => {
  const url = new URL(authorizeUrl({ ...request, workspaceIds: [], originator: "me&state=forged !'()*" }));
  expect(url.searchParams.getAll("state")).toEqual(["test_state_123"]);
  expect(url.search).toMatch(/originator=me%26state%3Dforged%20%21%27%28%29%2A$/);
});
