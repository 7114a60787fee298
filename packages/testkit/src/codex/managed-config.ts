/** What a workspace prescribes. Change it at any time: the next answer has it. */
export class ManagedConfig {
  /** Answer of `config/bundle`: `{config_toml, requirements_toml}`, each with its `enterprise_managed` fragments. */
  bundle: object = {};
  /** Answer of `config/requirements`, which older clients ask for. */
  requirements: object = {};

  /** Sets the bundle from mere texts: fragments of `config.toml` and of `requirements.toml`, the first wins. */
  setFragments(fragments: {
    readonly config?: readonly string[] | undefined;
    readonly requirements?: readonly string[] | undefined;
  }): void {
    this.bundle = {
      config_toml: { enterprise_managed: toFragments("config", fragments.config) },
      requirements_toml: { enterprise_managed: toFragments("requirements", fragments.requirements) },
    };
  }

  /** @internal */
  reset(): void {
    this.bundle = {};
    this.requirements = {};
  }
}

function toFragments(name: string, texts: readonly string[] = []): object[] {
  return texts.map((contents, index) => ({
    id: `${name}_${index + 1}`,
    name: `${name} ${index + 1}`,
    contents,
  }));
}
