/** The answer of `POST …/files`: where the content goes. */
export interface CreatedFile {
  readonly file_id: string;
  /** Carries its own credential in the query. */
  readonly upload_url: string;
}

/** The answer of `POST …/files/<id>/uploaded`. What the server does not say is `null`. */
export interface FinalizedFile {
  /** `success`, `retry` while the content is still being taken in, or anything else for a failure. */
  readonly status: string;
  readonly download_url: string | null;
  readonly file_name: string | null;
  readonly mime_type: string | null;
  readonly file_size_bytes: number | null;
  readonly error_message: string | null;
}

/** A file that was taken in, as a hosted tool wants to be told of it. */
export interface UploadedFile {
  readonly file_id: string;
  /** `sediment://` and the id. */
  readonly uri: string;
  readonly download_url: string;
  readonly file_name: string;
  readonly file_size_bytes: number;
  readonly mime_type: string | null;
}
