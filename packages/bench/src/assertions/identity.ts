/** An agent and its task, without the key. */
export const identity = {
  agent_runtime_id: "agent-runtime-0123456789abcdef",
  account_id: "account-0123456789abcdef",
  chatgpt_user_id: "user-0123456789abcdef",
  email: null,
  plan_type: "business",
  chatgpt_account_is_fedramp: false,
  task_id: "task-0123456789abcdef",
} as const;
