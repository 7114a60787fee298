/**
 * Encodes an id as one segment of a path, so that no id can lead to another path.
 *
 * @param name - Names the id in the error.
 * @throws TypeError for an id that is no text, is empty, or is `.` or `..`, which no encoding keeps from being a step.
 */
export function pathSegment(name: string, id: string): string {
  if (typeof id !== "string" || id === "" || id === "." || id === "..")
    throw new TypeError(`"${name}" must be an id, got ${JSON.stringify(id)}`);
  try {
    return encodeURIComponent(id).replace(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch (cause) {
    throw new TypeError(`"${name}" must be well-formed Unicode`, { cause });
  }
}
