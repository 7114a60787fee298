import { modelsEtag } from "./models.js";

/** Tags of a catalogue, in place of the usual one; `null` sends none. */
export interface CatalogueTags {
  /** The `etag` of `/models`. Default: equal for equal content. */
  readonly etag?: string | null | undefined;
  /** The `x-models-etag` of model calls. Default: the same as `etag`. */
  readonly announcedEtag?: string | null | undefined;
}

/** What `/models` lists, and the tags that tell of it. */
export class ModelCatalogue {
  readonly models: readonly object[];
  readonly #etag: string | null;
  readonly #announcedEtag: string | null;

  constructor(
    models: readonly object[],
    { etag = modelsEtag(models), announcedEtag = etag }: CatalogueTags = {},
  ) {
    this.models = models;
    this.#etag = etag;
    this.#announcedEtag = announcedEtag;
  }

  /** Headers of `/models`. */
  get headers(): Readonly<Record<string, string>> {
    return this.#etag === null ? {} : { etag: this.#etag };
  }

  /** Headers of a model call, and of the upgrade to a WebSocket. */
  get announcement(): Readonly<Record<string, string>> {
    return this.#announcedEtag === null ? {} : { "x-models-etag": this.#announcedEtag };
  }
}
