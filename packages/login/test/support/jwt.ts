/** Makes a JWT that nobody signed. */
export function unsignedJwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.c2ln`;
}

export interface TokenFacts {
  readonly accountId?: string;
  readonly userId?: string;
  readonly email?: string;
  readonly planType?: string;
  readonly isFedramp?: boolean;
}

/** Makes an id token with the claims of ChatGPT's. */
export function idTokenOf(facts: TokenFacts = {}): string {
  const { accountId = "account-1", userId = "user-1", email = "user@example.com", planType = "pro" } = facts;
  return unsignedJwt({
    email,
    "https://api.openai.com/auth": {
      chatgpt_account_id: accountId,
      chatgpt_user_id: userId,
      chatgpt_plan_type: planType,
      chatgpt_account_is_fedramp: facts.isFedramp ?? false,
    },
  });
}

/** Makes an access token that expires so many seconds from now. */
export function accessTokenExpiringIn(seconds: number, claims: object = {}): string {
  return unsignedJwt({ exp: Math.floor(Date.now() / 1000) + seconds, jti: String(Math.random()), ...claims });
}
