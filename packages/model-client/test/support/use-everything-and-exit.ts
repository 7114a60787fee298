import { builtInProviders } from "@codex-ts/model-provider";
import { modelInfo } from "@codex-ts/testkit";
import { createCodex } from "../../src/index.js";

// Uses a client in every way, and leaves it to the process to end by itself.
const baseUrl = process.argv[2] ?? "";
const provider = builtInProviders({ clientVersion: "1.2.3", environment: {} }).get("openai");
if (provider === undefined) throw new Error("no provider");
const client = createCodex({
  auth: "sk-test",
  model: modelInfo("gpt-test") as never,
  environment: {},
  network: { env: {} },
  provider: { ...provider, baseUrl, streamIdleTimeoutMs: 600_000, websocketConnectTimeoutMs: 600_000 },
});
void client.prewarm({ instructions: "Be brief." });
await client.turn().stream("one").result();
for await (const _event of client.turn().stream("two")) break;
await client.compact("three", { implementation: "v1" });
const giveUp = new AbortController();
const aborted = client.turn({ signal: giveUp.signal }).stream("four").result();
setTimeout(() => giveUp.abort(), 5);
await aborted.catch(() => {});
client.turn().stream("five");
await client.turn().stream("six").result();
await client.close();
process.stdout.write("used");
