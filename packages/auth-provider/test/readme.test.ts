import { expect, test } from "vitest";
import { type AuthProvider, applyAuth } from "../src/index.js";

test("README example: a provider in five lines, applied to a request", async () => {
  const apiKey = "sk-example";

  const auth: AuthProvider = {
    addAuthHeaders(headers) {
      headers.set("authorization", `Bearer ${apiKey}`);
    },
  };
  const request = await applyAuth(auth, {
    method: "POST",
    url: "https://api.example.test/v1/responses",
    headers: new Headers({ accept: "text/event-stream" }),
    body: "{}",
  });

  expect(request.headers.get("authorization")).toBe("Bearer sk-example");
});
