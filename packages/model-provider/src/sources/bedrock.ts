import type { Environment } from "@codex-ts/client";
import { ModelProviderError } from "../errors.js";
import type { AwsSettings } from "../model-provider.js";

/** The name under which Amazon Bedrock's endpoint is signed for. */
export const bedrockService = "bedrock-mantle";

/** Said of a Bedrock key that is about to go elsewhere. */
export const bedrockOnly = "Bedrock API key auth is only supported by the Amazon Bedrock model provider";

/**
 * Gives the base URL of a region.
 *
 * @throws ModelProviderError of kind `aws`.
 */
export function bedrockBaseUrl(region: string): string {
  if (regions.has(region)) return `https://bedrock-mantle.${region}.api.aws/openai/v1`;
  throw new ModelProviderError(`Amazon Bedrock Mantle does not support region \`${region}\``, {
    kind: "aws",
  });
}

/** Finds the region: of the configuration, else of the environment. Blank is none. */
export function findRegion(settings: AwsSettings, environment: Environment): string | undefined {
  const candidates = [settings.region, environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]];
  return candidates.map((region) => region?.trim()).find((region) => region !== undefined && region !== "");
}

/**
 * Says what to tell the user about an answer of Amazon Bedrock.
 *
 * @returns Nothing when the usual text for the status will do.
 */
export function bedrockUserMessage(answer: {
  readonly status: number | undefined;
  readonly body: string | undefined;
}): string | undefined {
  return answer.status === 401 && answer.body?.includes("Signature expired:") === true ? expired : undefined;
}

const expired =
  "Amazon Bedrock rejected the request because its AWS signature has expired. Refresh your AWS credentials and retry. " +
  "If `AWS_BEARER_TOKEN_BEDROCK` is set, update or unset it, then restart Codex";

const regions: ReadonlySet<string> = new Set([
  "ap-northeast-1",
  "ap-south-1",
  "ap-southeast-3",
  "eu-central-1",
  "eu-north-1",
  "eu-south-1",
  "eu-west-1",
  "eu-west-2",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-2",
]);
