export { type AwsSigV4Options, awsSigV4Auth } from "./aws-sigv4-auth.js";
export type { AwsCredentialSource, AwsCredentials } from "./credentials.js";
