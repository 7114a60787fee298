import { z } from "zod";
import type { AwsTable, ModelProviderTable, TokenCommandTable } from "../model-provider-table.js";
import { orAbsent, unsignedInt64, withDefault, withoutUnset } from "./optional.js";

const text = z.string();
const texts = z.record(text, text);

const tokenCommandSchema: z.ZodType<TokenCommandTable> = z.object({
  command: text,
  args: withDefault(z.array(text), []),
  timeout_ms: withDefault(
    unsignedInt64.refine((milliseconds) => milliseconds > 0, "Expected more than 0"),
    5000,
  ),
  refresh_interval_ms: withDefault(unsignedInt64, 300_000),
  cwd: withDefault(text, "."),
});

const awsSchema: z.ZodType<AwsTable> = z
  .object({ profile: orAbsent(text), region: orAbsent(text) })
  .transform(withoutUnset);

/** Reads a table `[model_providers.<id>]`. Members that it does not know are left out. */
export const modelProviderTableSchema: z.ZodType<ModelProviderTable> = z
  .object({
    name: withDefault(text, ""),
    base_url: orAbsent(text),
    env_key: orAbsent(text),
    env_key_instructions: orAbsent(text),
    experimental_bearer_token: orAbsent(text),
    auth: orAbsent(tokenCommandSchema),
    aws: orAbsent(awsSchema),
    wire_api: withDefault<"responses">(z.literal("responses"), "responses"),
    query_params: orAbsent(texts),
    http_headers: orAbsent(texts),
    env_http_headers: orAbsent(texts),
    request_max_retries: orAbsent(unsignedInt64),
    stream_max_retries: orAbsent(unsignedInt64),
    stream_idle_timeout_ms: orAbsent(unsignedInt64),
    websocket_connect_timeout_ms: orAbsent(unsignedInt64),
    requires_openai_auth: withDefault(z.boolean(), false),
    supports_websockets: withDefault(z.boolean(), false),
  })
  .transform(withoutUnset);
