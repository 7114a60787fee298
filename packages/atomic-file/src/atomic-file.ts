import { randomUUID } from "node:crypto";
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

const fileMode = 0o600;
const folderMode = 0o700;
const maxSymlinks = 40;
/** A temporary file this old belongs to a writer that was killed. */
const abandonedAfterMs = 60_000;

/**
 * Replaces a file so that a reader, and whoever looks after a crash, finds either the old text or the new one.
 * The result is readable by the owner alone, also when the file was not. Missing folders are made. A symbolic link
 * stays: the file that it leads to is replaced.
 *
 * @throws The system's error; then the old file is still in place.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  // Renaming over a symbolic link would cut the link.
  const target = await resolveTarget(path);
  const folder = dirname(target);
  await mkdir(folder, { recursive: true, mode: folderMode });
  const prefix = `.${basename(target)}.`;
  const temporary = join(folder, `${prefix}${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, text);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
  await removeAbandoned(folder, prefix);
}

/**
 * Follows symbolic links to the file that {@link replaceFile} replaces. The file itself need not exist, nor its
 * folder.
 *
 * @throws The system's error, for links that go in a circle.
 */
export async function resolveTarget(path: string): Promise<string> {
  let target = resolve(path);
  for (let links = 0; links < maxSymlinks; links += 1) {
    const folder = await realFolder(dirname(target));
    target = join(folder, basename(target));
    const link = await readLink(target);
    if (link === undefined) return target;
    target = resolve(folder, link);
  }
  // Fails with ELOOP, in the system's own words.
  return await realpath(path);
}

async function writeDurably(path: string, text: string): Promise<void> {
  await withFile(await open(path, "wx", fileMode), async (file) => {
    await file.writeFile(text, "utf8");
    await file.sync();
  });
}

// Without it the rename itself may be lost in a power cut. Windows cannot open folders, and needs no such step.
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await withFile(await open(folder, "r"), (handle) => handle.sync());
}

async function removeAbandoned(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".tmp")) continue;
    const path = join(folder, name);
    const modifiedAtMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (modifiedAtMs < Date.now() - abandonedAfterMs) await rm(path, { force: true });
  }
}

async function withFile(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    const parent = dirname(folder);
    return parent === folder ? folder : join(await realFolder(parent), basename(folder));
  }
}

async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    // EINVAL: it is no link.
    if (hasCode(error, "ENOENT") || hasCode(error, "EINVAL")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
