import { createHash, createHmac } from "node:crypto";

/** A request as a server sees it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, as they stood in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Computes the signature of a request anew, from AWS's description and nothing else: "Create a signed AWS API request"
 * of the IAM user guide.
 *
 * @returns What is wrong, or nothing.
 */
export function findSignatureFault(request: SeenRequest, secretAccessKey: string): string | undefined {
  const authorization = String(request.headers["authorization"]);
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (parts === null) return `not a signature: ${authorization}`;
  const [, , day = "", region = "", service = "", signedHeaders = "", signature = ""] = parts;
  const [path = "", query = ""] = request.target.split("?");
  const canonical = [
    request.method,
    path.split("/").map(encode).join("/"),
    canonicalQuery(query),
    ...signedHeaders
      .split(";")
      .map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, " ")}`),
    "",
    signedHeaders,
    sha256(request.body),
  ].join("\n");
  const date = String(request.headers["x-amz-date"]);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(Buffer.from(canonical))].join("\n");
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const step of [day, region, service, "aws4_request", toSign])
    key = createHmac("sha256", key).update(step).digest();
  if (!date.startsWith(day)) return "the date is not the day's";
  return key.toString("hex") === signature ? undefined : `another signature: ${key.toString("hex")}`;
}

/** Names of the headers that the signature covers. */
export function signedNames(request: SeenRequest): string[] {
  return /SignedHeaders=([^,]+)/.exec(String(request.headers["authorization"]))?.[1]?.split(";") ?? [];
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
    })
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.join("="))
    .join("&");
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

// RFC 3986 unreserved characters stay.
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
