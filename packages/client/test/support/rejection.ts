import { isTransportError, type TransportError } from "../../src/errors.js";

/** Waits for a promise to fail with our error. */
export async function rejection(promise: Promise<unknown>): Promise<TransportError> {
  try {
    await promise;
  } catch (error) {
    if (isTransportError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
