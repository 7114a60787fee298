import { statusText } from "@codex-ts/client";
import type { LocalTimeOptions } from "./local-time.js";
import { unexpectedStatusText } from "./unexpected-status-text.js";
import { usageLimitText } from "./usage-limit-text.js";
import type { UserErrorFacts } from "./user-error.js";

/** Puts a failure into the words of the reference client. */
export function userErrorText(facts: UserErrorFacts, time: LocalTimeOptions): string {
  switch (facts.kind) {
    case "stream":
      return `stream disconnected before completion: ${facts.message}`;
    case "unexpected_status":
    case "html_challenge":
      return unexpectedStatusText(facts);
    case "usage_limit_reached":
      return usageLimitText(facts, time);
    case "retry_limit":
      return `exceeded retry limit, last status: ${statusText(facts.status)}${requestIdText(facts.requestId)}`;
    case "response_stream_failed":
      return `Error while reading the server response: ${facts.message}${requestIdText(facts.requestId)}`;
    case "connection_failed":
      return `Connection failed: ${facts.message}`;
    case "thread_not_found":
      return `no thread with id: ${facts.threadId}`;
    case "tool_collision":
      return `duplicate tool: ${facts.toolName}`;
    case "env_var":
      return `Missing environment variable: \`${facts.variable}\`.${facts.instructions === undefined ? "" : ` ${facts.instructions}`}`;
    case "sandbox":
      return `sandbox error: ${facts.message}`;
    case "unsupported_operation":
      return `unsupported operation: ${facts.message}`;
    case "fatal":
      return `Fatal error: ${facts.message}`;
    case "cyber_policy":
    case "invalid_request":
    case "io":
    case "json":
    case "misalignment_policy_violation":
    case "refresh_token_failed":
    case "tokio_join":
      return facts.message;
    default:
      return fixedTexts[facts.kind];
  }
}

function requestIdText(requestId: string | undefined): string {
  return requestId === undefined ? "" : `, request id: ${requestId}`;
}

type FixedKind = Exclude<
  UserErrorFacts["kind"],
  | Extract<UserErrorFacts, { message: string } | { status: number }>["kind"]
  | "env_var"
  | "thread_not_found"
  | "tool_collision"
  | "usage_limit_reached"
>;

const report = "Something went wrong? Hit `/feedback` to report the issue.";

const fixedTexts: Readonly<Record<FixedKind, string>> = {
  agent_limit_reached: "agent thread limit reached",
  context_window_exceeded:
    "Codex ran out of room in the model's context window. " +
    "Start a new thread or clear earlier history before retrying.",
  internal_agent_died: "internal error; agent loop died unexpectedly",
  internal_server_error: "We're currently experiencing high demand, which may cause temporary errors.",
  interrupted: `interrupted (Ctrl-C). ${report}`,
  invalid_image_request: "Image poisoning",
  landlock_sandbox_executable_not_provided: "codex-linux-sandbox was required but not provided",
  quota_exceeded: "Quota exceeded. Check your plan and billing details.",
  request_timeout: "request timed out",
  server_overloaded: "Selected model is at capacity. Please try a different model.",
  session_budget_exceeded: "shared rollout token budget exhausted",
  session_configured_not_first_event: "session configured event was not the first event in the stream",
  spawn: "spawn failed: child stdout/stderr not captured",
  timeout: "timeout waiting for child process to exit",
  turn_aborted: `turn aborted. ${report}`,
  usage_not_included:
    "To use Codex with your ChatGPT plan, upgrade to Plus: https://chatgpt.com/explore/plus.",
};
