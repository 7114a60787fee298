import { describe, expect, test } from "vitest";
import { AppPolicy, type AppsConfig, type AppTool } from "../src/index.js";
import { connector } from "./support/connector.js";

const harmless: AppTool = {
  connectorId: "calendar",
  name: "events/list",
  destructiveHint: false,
  openWorldHint: false,
};

describe("whether a tool may be used", () => {
  const isEnabled = (config: AppsConfig, tool: Partial<AppTool> = {}) =>
    new AppPolicy({ config }).toolPolicy({ ...harmless, ...tool }).enabled;

  test("one policy is good for many tools", () => {
    const policy = new AppPolicy({
      config: { calendar: { tools: { "events/create": { enabled: false } } }, drive: { enabled: false } },
    });
    const tools: readonly AppTool[] = [
      harmless,
      { ...harmless, name: "events/create" },
      { ...harmless, connectorId: "drive" },
      { ...harmless, connectorId: "mail" },
    ];
    expect(tools.map((tool) => policy.toolPolicy(tool).enabled)).toEqual([true, false, false, true]);
  });

  test("where nothing is configured everything may be used, and approval is automatic", () => {
    const policy = new AppPolicy({});
    expect(policy.toolPolicy({ name: "x" })).toStrictEqual({ enabled: true, approval: "auto" });
    expect(policy.isAppEnabled(undefined)).toBe(true);
  });

  test.each([
    ["destructive_enabled", "destructiveHint"],
    ["open_world_enabled", "openWorldHint"],
  ] as const)("with %s off by default, only tools that say so may be used", (option, hint) => {
    const config = { _default: { [option]: false } };
    expect(isEnabled(config, { [hint]: true })).toBe(false);
    expect(isEnabled(config, { [hint]: null })).toBe(false);
    expect(isEnabled(config, { [hint]: undefined })).toBe(false);
    expect(isEnabled(config)).toBe(true);
    expect(isEnabled(config, { connectorId: null, [hint]: true })).toBe(false);
    expect(isEnabled({ ...config, calendar: { [option]: true } }, { [hint]: true })).toBe(true);
    expect(isEnabled({ _default: { [option]: true }, calendar: { [option]: false } }, { [hint]: true })).toBe(
      false,
    );
  });

  test("apps that are off by default can be turned on one by one", () => {
    const config: AppsConfig = { _default: { enabled: false }, calendar: { enabled: true }, mail: {} };
    expect(isEnabled(config)).toBe(true);
    expect(isEnabled(config, { connectorId: "drive" })).toBe(false);
    expect(isEnabled(config, { connectorId: undefined })).toBe(false);
    // An entry that says nothing about it counts as enabled.
    expect(isEnabled(config, { connectorId: "mail" })).toBe(true);
  });

  test("what is said of a tool beats its hints, either way", () => {
    const tools = { create: { enabled: true }, list: { enabled: false }, silent: {} };
    const config: AppsConfig = { calendar: { destructive_enabled: false, tools } };
    expect(isEnabled(config, { name: "create", destructiveHint: true })).toBe(true);
    expect(isEnabled(config, { name: "list" })).toBe(false);
    expect(isEnabled(config, { name: "silent", destructiveHint: true })).toBe(false);
  });

  test("default_tools_enabled beats hints, and false disables", () => {
    const off = { calendar: { default_tools_enabled: false, tools: { "events/list": { enabled: true } } } };
    expect(
      isEnabled(
        { calendar: { default_tools_enabled: true, destructive_enabled: false } },
        { destructiveHint: true },
      ),
    ).toBe(true);
    expect(isEnabled(off, { name: "other" })).toBe(false);
    expect(isEnabled(off)).toBe(true);
  });

  test("a disabled app has no enabled tool", () => {
    const tools = { "events/list": { enabled: true } };
    expect(isEnabled({ calendar: { enabled: false, default_tools_enabled: true, tools } })).toBe(false);
  });

  test("a tool is also found by its title, but first by its name", () => {
    const tools = { "List events": { enabled: false }, other: { enabled: true } };
    const config = { calendar: { tools } };
    expect(isEnabled(config, { title: "List events" })).toBe(false);
    expect(isEnabled(config, { name: "other", title: "List events" })).toBe(true);
  });

  test("ids and names that objects inherit are not configured", () => {
    const policy = new AppPolicy({ config: { calendar: { tools: {} } }, requirements: {} });
    for (const name of ["constructor", "__proto__", "toString", "_default"]) {
      const decided = policy.toolPolicy({ ...harmless, connectorId: name, name, title: name });
      expect(decided).toStrictEqual({ enabled: true, approval: "auto" });
      expect(policy.toolPolicy({ ...harmless, name }).enabled).toBe(true);
    }
  });

  test("what a configuration inherits does not count", () => {
    expect(isEnabled(Object.create({ calendar: { enabled: false } }) as AppsConfig)).toBe(true);
  });

  test("the defaults are no app", () => {
    const config = { _default: { enabled: false, default_tools_approval_mode: "prompt" } };
    expect(new AppPolicy({ config }).isAppEnabled("_default")).toBe(false);
    expect(
      isEnabled({ _default: { default_tools_enabled: false } as object }, { connectorId: "_default" }),
    ).toBe(true);
  });
});

describe("what an administrator demands", () => {
  test("managed disable wins over the user, also where the user has configured nothing", () => {
    const requirements = { calendar: { enabled: false } };
    for (const config of [undefined, {}, { calendar: { enabled: true, default_tools_enabled: true } }]) {
      const policy = new AppPolicy({ config, requirements });
      expect(policy.toolPolicy(harmless).enabled).toBe(false);
      expect(policy.isAppEnabled("calendar")).toBe(false);
      expect(policy.toolPolicy({ ...harmless, connectorId: "mail" }).enabled).toBe(true);
    }
  });

  test("managed enable does not win over the user's disable", () => {
    const requirements = { calendar: { enabled: true } };
    const policy = new AppPolicy({ config: { calendar: { enabled: false } }, requirements });
    expect(policy.toolPolicy(harmless).enabled).toBe(false);
    expect(
      new AppPolicy({ config: { _default: { enabled: false } }, requirements }).isAppEnabled("calendar"),
    ).toBe(false);
  });

  test("managed approval counts without any configuration, and beats the user's", () => {
    const requirements = { calendar: { tools: { "events/list": { approval_mode: "prompt" } } } };
    const config: AppsConfig = {
      calendar: {
        default_tools_approval_mode: "approve",
        tools: { "events/list": { approval_mode: "approve" } },
      },
    };
    expect(new AppPolicy({ requirements }).toolPolicy(harmless).approval).toBe("prompt");
    expect(new AppPolicy({ config, requirements }).toolPolicy(harmless).approval).toBe("prompt");
  });

  test("managed approval goes by the name of the tool only, never by its title, and needs the connector", () => {
    const requirements = { calendar: { tools: { "List events": { approval_mode: "prompt" } } } };
    const policy = new AppPolicy({ requirements });
    expect(policy.toolPolicy({ ...harmless, title: "List events" }).approval).toBe("auto");
    expect(policy.toolPolicy({ ...harmless, name: "List events" }).approval).toBe("prompt");
    expect(policy.toolPolicy({ name: "List events", connectorId: null }).approval).toBe("auto");
  });
});

describe("how calls are approved", () => {
  const approval = (config: AppsConfig, tool: Partial<AppTool> = {}) =>
    new AppPolicy({ config }).toolPolicy({ ...harmless, ...tool }).approval;

  test("the tool's own way comes first, then the app's, then the default", () => {
    const defaults = { _default: { default_tools_approval_mode: "prompt" } };
    const app = { default_tools_approval_mode: "approve" };
    expect(approval(defaults)).toBe("prompt");
    expect(approval({ ...defaults, calendar: app })).toBe("approve");
    expect(
      approval({ ...defaults, calendar: { ...app, tools: { "events/list": { approval_mode: "auto" } } } }),
    ).toBe("auto");
    expect(
      approval({ calendar: { tools: { Title: { approval_mode: "prompt" } } } }, { title: "Title" }),
    ).toBe("prompt");
  });

  test("the default counts for connectors only", () => {
    const config = { _default: { default_tools_approval_mode: "prompt" } };
    expect(approval(config, { connectorId: undefined })).toBe("auto");
    expect(approval(config, { connectorId: "mail" })).toBe("prompt");
  });
});

describe("who is asked", () => {
  const call = { serverName: "codex_apps", connectorId: "calendar", fallback: "user" };
  const config: AppsConfig = {
    _default: { approvals_reviewer: "auto_review" },
    calendar: { approvals_reviewer: "guardian" },
  };

  test("the app decides, then the default, then the global setting", () => {
    const policy = new AppPolicy({ config });
    expect(policy.approvalsReviewer(call)).toBe("guardian");
    expect(policy.approvalsReviewer({ ...call, connectorId: "mail" })).toBe("auto_review");
    expect(policy.approvalsReviewer({ ...call, connectorId: null })).toBe("auto_review");
    expect(new AppPolicy({}).approvalsReviewer(call)).toBe("user");
  });

  test("for other servers it is the global setting", () => {
    expect(new AppPolicy({ config }).approvalsReviewer({ ...call, serverName: "docs" })).toBe("user");
  });

  test("what the administrator does not allow gives way to the global setting", () => {
    const policy = new AppPolicy({ config, allowedApprovalsReviewers: ["user", "guardian"] });
    expect(policy.approvalsReviewer(call)).toBe("guardian");
    expect(policy.approvalsReviewer({ ...call, connectorId: "mail" })).toBe("user");
    expect(new AppPolicy({ config, allowedApprovalsReviewers: [] }).approvalsReviewer(call)).toBe("user");
  });
});

describe("the enabled state of connectors", () => {
  const connectors = [
    connector({ id: "a", isEnabled: false }),
    connector({ id: "b" }),
    connector({ id: "c" }),
  ];
  const states = (policy: AppPolicy) =>
    policy.applyEnabledState(connectors).map(({ isEnabled }) => isEnabled);

  test("stays as it is where nothing is configured", () => {
    expect(new AppPolicy({}).applyEnabledState(connectors)).toStrictEqual(connectors);
    expect(states(new AppPolicy({ config: { x: { enabled: false } } }))).toEqual([false, true, true]);
  });

  test("is that of the entry, else of the default", () => {
    expect(states(new AppPolicy({ config: { a: { enabled: true }, b: { enabled: false } } }))).toEqual([
      true,
      false,
      true,
    ]);
    expect(states(new AppPolicy({ config: { _default: {}, b: { enabled: false } } }))).toEqual([
      true,
      false,
      true,
    ]);
    expect(states(new AppPolicy({ config: { _default: { enabled: false }, b: {} } }))).toEqual([
      false,
      true,
      false,
    ]);
  });

  test("a requirement touches its own connector only, and can only disable", () => {
    const requirements = { a: { enabled: true }, b: { enabled: false } };
    expect(states(new AppPolicy({ requirements }))).toEqual([false, false, true]);
    expect(states(new AppPolicy({ requirements, config: { b: { enabled: true } } }))).toEqual([
      false,
      false,
      true,
    ]);
  });
});
