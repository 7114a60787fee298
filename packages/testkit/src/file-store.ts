import { randomBytes } from "node:crypto";

/** A file that was announced, as far as its upload has come. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  /** As announced, in bytes. */
  readonly announcedSize: number;
  /** What the announcement said beside name and size, such as `codex_model`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Its content; undefined until it has arrived. */
  readonly content: Buffer | undefined;
  /** How often a client has asked whether the content was taken in. */
  readonly finalizeCount: number;
}

/** The same for those who write it. */
export interface FileEntry extends StoredFile {
  content: Buffer | undefined;
  finalizeCount: number;
  /** Proves in the URL that the content may be sent or fetched. */
  readonly signature: string;
}

/** All files that were announced, oldest first. */
export class FileStore {
  readonly files: FileEntry[] = [];

  announce(name: string, announcedSize: number, details: Readonly<Record<string, unknown>>): FileEntry {
    const entry: FileEntry = {
      id: `file_${randomBytes(12).toString("hex")}`,
      name,
      announcedSize,
      details,
      content: undefined,
      finalizeCount: 0,
      signature: randomBytes(32).toString("base64url"),
    };
    this.files.push(entry);
    return entry;
  }

  find(id: string | undefined): FileEntry | undefined {
    return this.files.find((file) => file.id === id);
  }
}
