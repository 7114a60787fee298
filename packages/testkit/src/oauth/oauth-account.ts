/** Who signs in at the issuer, and so what tokens say. */
export interface OAuthAccount {
  readonly email: string;
  readonly userId: string;
  readonly accountId: string;
  readonly planType: string;
  readonly isFedramp: boolean;
  readonly organizationId: string;
  readonly projectId: string;
  readonly isOrgOwner: boolean;
  readonly hasCompletedOnboarding: boolean;
}

/** The account that signs in when a test does not say who. */
export const defaultOAuthAccount: OAuthAccount = {
  email: "user@example.com",
  userId: "user-test",
  accountId: "account-test",
  planType: "pro",
  isFedramp: false,
  organizationId: "org-test",
  projectId: "proj_test",
  isOrgOwner: true,
  hasCompletedOnboarding: true,
};
