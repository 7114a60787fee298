/** What is behind the subject of an image. */
export type ImageBackground = "transparent" | "opaque" | "auto";

/** How much work goes into an image. */
export type ImageQuality = "low" | "medium" | "high" | "auto";

/** The body of `POST …/images/generations`. What is optional here is left out when it is not set. */
export interface ImageGenerationRequest {
  readonly prompt: string;
  /** Such as `gpt-image-2`. */
  readonly model: string;
  readonly background?: ImageBackground | undefined;
  /** How many images. */
  readonly n?: number | undefined;
  readonly quality?: ImageQuality | undefined;
  /** Such as `1024x1024` or `auto`. */
  readonly size?: string | undefined;
}

/** An image to start from. */
export interface ImageReference {
  /** Normally a `data:` URL. */
  readonly image_url: string;
}

/** The body of `POST …/images/edits`. */
export interface ImageEditRequest extends ImageGenerationRequest {
  readonly images: readonly ImageReference[];
}

/** One finished image. */
export interface GeneratedImage {
  /** The file in standard base64. */
  readonly b64_json: string;
}

/** The answer of both image endpoints. What the server does not say is `null`. */
export interface ImageResponse {
  /** Unix seconds. */
  readonly created: number;
  readonly data: readonly GeneratedImage[];
  readonly background: ImageBackground | null;
  readonly quality: ImageQuality | null;
  readonly size: string | null;
}
