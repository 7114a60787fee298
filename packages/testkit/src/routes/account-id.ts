import type { Exchange } from "./route.js";

/** The account whose credential a request carries. */
export function accountId({ request, state }: Exchange): string {
  const { auth } = request;
  if (auth.kind === "bearer" && auth.accountId !== null) return auth.accountId;
  const agent = auth.kind === "agentAssertion" ? state.agents.find(auth.agentRuntimeId) : undefined;
  return agent?.accountId ?? "account-test";
}
