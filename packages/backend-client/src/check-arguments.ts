/** @throws TypeError when the argument is no text, or an empty one. */
export function checkText(name: string, value: string): void {
  if (typeof value !== "string" || value === "") throw new TypeError(`${name} must not be empty`);
}

/** @throws TypeError when the argument is none of these texts. */
export function checkChoice<Choice extends string>(
  name: string,
  value: Choice,
  choices: readonly Choice[],
): void {
  if (!choices.includes(value)) throw new TypeError(`"${name}" must be one of ${choices.join(", ")}`);
}

/** @throws TypeError when the argument is no object. */
export function checkObject(name: string, value: object): void {
  if (typeof value !== "object" || value === null) throw new TypeError(`"${name}" must be an object`);
}
