/** Tells whether two values are written as the same JSON, whatever the order of members. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && isSameList(left, right);
  return !Array.isArray(right) && hasSameMembers(left as Members, right as Members);
}

/** Tells whether two objects have the same members, but for those of the given names. */
export function isSameObject(left: object, right: object, ignored: ReadonlySet<string>): boolean {
  return hasSameMembers(left as Members, right as Members, ignored);
}

type Members = Readonly<Record<string, unknown>>;

function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => isSameJson(value, right[index]));
}

/** An undefined member is not written, so it is the same as none. */
function hasSameMembers(left: Members, right: Members, ignored?: ReadonlySet<string>): boolean {
  let count = 0;
  for (const name in left) {
    const value = left[name];
    if (value === undefined || ignored?.has(name)) continue;
    count += 1;
    const other = right[name];
    // Nearly all members are texts that are the same, and a call for each would be half of what this costs.
    if (value !== other && !isSameJson(value, other)) return false;
  }
  for (const name in right) if (right[name] !== undefined && !ignored?.has(name)) count -= 1;
  return count === 0;
}
