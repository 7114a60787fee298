/** An Agent Identity as it stands in auth.json. Holds the private key: a test credential, but a credential. */
export interface AgentRecord {
  readonly agent_runtime_id: string;
  /** Standard base64 of the Ed25519 PKCS#8 key, version 2. */
  readonly agent_private_key: string;
  readonly account_id: string;
  readonly chatgpt_user_id: string;
  readonly email: string | null;
  readonly plan_type: string;
  readonly chatgpt_account_is_fedramp: boolean;
  /** Null until a task was registered. */
  readonly task_id: string | null;
}
