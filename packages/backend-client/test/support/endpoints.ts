import type { BackendClient, CallOptions } from "../../src/index.js";

type Call = (client: BackendClient, options?: CallOptions) => Promise<unknown>;

const newTask = {
  new_task: { environment_id: "env-test", branch: "main", run_environment_in_qa_mode: false },
  input_items: [{ type: "message", role: "user", content: [{ content_type: "text", text: "Fix it" }] }],
} as const;

/** Every endpoint, by the name that the vectors have for it, or one like it. */
export const endpoints: Readonly<Record<string, Call>> = {
  rate_limit_status: (client, options) => client.getUsage(options),
  rate_limits: (client, options) => client.getRateLimits(options),
  rate_limit_reset_list: (client, options) => client.listResetCredits(options),
  rate_limit_reset_consume: (client, options) => client.consumeResetCredit("key-1", options),
  accounts_check: (client, options) => client.checkAccounts(options),
  token_usage_profile: (client, options) => client.getTokenUsageProfile(options),
  thread_usage: (client, options) => client.getThreadUsage("thread-1", options),
  user_settings: (client, options) => client.getUserSettings(options),
  add_credits_nudge_email: (client, options) => client.sendAddCreditsNudgeEmail("credits", options),
  list_tasks: (client, options) => client.listTasks(options),
  task_details: (client, options) => client.getTask("TASK", options),
  task_body: (client, options) => client.getTaskBody("TASK", options),
  sibling_turns: (client, options) => client.listSiblingTurns("TASK", "TURN", options),
  create_task: (client, options) => client.createTask(newTask, options),
  config_bundle: (client, options) => client.getConfigBundle(options),
  config_requirements: (client, options) => client.getConfigRequirements(options),
  workspace_messages: (client, options) => client.getWorkspaceMessages(options),
  environments: (client, options) => client.listEnvironments(options),
  environments_by_repo: (client, options) =>
    client.listEnvironmentsByRepo({ owner: "OWNER", repo: "REPO" }, options),
};
