import type { ContentItem, ImageDetail } from "./content.js";
import type { MessageInput } from "./input-item.js";

/** Text that a user typed. */
export interface UserText {
  readonly type: "text";
  readonly text: string;
}

/** An image by address. */
export interface UserImage {
  readonly type: "image";
  readonly image_url: string;
  /** @defaultValue `high` */
  readonly detail?: ImageDetail | undefined;
}

/** An image file, already read by the caller: this package does no I/O. */
export interface UserLocalImage {
  readonly type: "local_image";
  /** As the user gave it; shown to the model. */
  readonly path: string;
  readonly file: LocalImageFile;
  /** @defaultValue `high` */
  readonly detail?: ImageDetail | undefined;
}

/**
 * What reading an image file gave: a `data:` URL, raw bytes, or the reason why there is no image. Bytes
 * without a `media_type` go out as `application/octet-stream`.
 */
export type LocalImageFile =
  | { readonly image_url: string }
  | { readonly bytes: Uint8Array; readonly media_type?: string | undefined }
  | { readonly unreadable: string }
  | { readonly invalid: string }
  | { readonly unsupported: string };

/** A skill or another thing that the user named; it adds nothing to the message itself. */
export interface UserReference {
  readonly type: "skill" | "mention";
  readonly name: string;
  readonly path: string;
}

/** One thing that a user put into a prompt. */
export type UserInput = UserText | UserImage | UserLocalImage | UserReference;

/**
 * Makes the message of a user. Images of the user's own machine get tags around them that name their number
 * and path; the number counts all images of the message from 1, remote ones included. A file that could not
 * be used becomes a text that tells the model so.
 */
export function userMessage(inputs: readonly UserInput[]): MessageInput {
  const content: ContentItem[] = [];
  let images = 0;
  for (const input of inputs) {
    if (input.type === "text") {
      content.push(inputText(input.text));
    } else if (input.type === "image") {
      images += 1;
      content.push(inputImage(input.image_url, input.detail));
    } else if (input.type === "local_image") {
      images += 1;
      content.push(...localImage(input, images));
    }
  }
  return { type: "message", role: "user", content };
}

function localImage({ path, file, detail }: UserLocalImage, number: number): readonly ContentItem[] {
  if ("unreadable" in file) {
    return [inputText(`Codex could not read the local image at \`${path}\`: ${file.unreadable}`)];
  }
  if ("invalid" in file) return [inputText(`Image located at \`${path}\` is invalid: ${file.invalid}`)];
  if ("unsupported" in file) {
    return [
      inputText(`Codex cannot attach image at \`${path}\`: unsupported image \`${file.unsupported}\`.`),
    ];
  }
  const imageUrl = "image_url" in file ? file.image_url : toDataUrl(file.bytes, file.media_type);
  return [
    inputText(`<image name=[Image #${number}] path="${path}">`),
    inputImage(imageUrl, detail),
    inputText("</image>"),
  ];
}

function inputText(text: string): ContentItem {
  return { type: "input_text", text };
}

function inputImage(imageUrl: string, detail: ImageDetail = "high"): ContentItem {
  return { type: "input_image", image_url: imageUrl, detail };
}

function toDataUrl(bytes: Uint8Array, mediaType = "application/octet-stream"): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return `data:${mediaType};base64,${base64}`;
}
