import { bundleEndpoint } from "../../src/bundle-endpoint.js";
import { PolicyCache } from "../../src/policy-cache.js";

/** Writes caches of about a megabyte, one after the other, until it is killed. */
async function writeForever(path: string): Promise<never> {
  const cache = new PolicyCache({ path, endpoint: bundleEndpoint, baseUrl: undefined, clock: Date.now });
  for (let round = 0; ; round += 1) {
    const contents = `model = "m${round}" # ${"x".repeat(1_000_000)}\n`;
    const section = { enterprise_managed: [{ id: "a", name: "A", contents }] };
    const bundle = { config_toml: section, requirements_toml: { enterprise_managed: [] } };
    await cache.save({ userId: "user-1", accountId: "acct-1" }, bundle);
    if (round === 0) process.stdout.write("writing\n");
  }
}

void writeForever(process.argv[2] ?? "");
