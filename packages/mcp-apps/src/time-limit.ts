/**
 * Checks a time limit; 0 and Infinity are none.
 *
 * @throws TypeError which names it.
 */
export function checkTimeLimit(name: string, milliseconds: number): void {
  if (!(milliseconds >= 0)) throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
}
