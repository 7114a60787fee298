import { type BackendError, isBackendError } from "../../src/index.js";

/** Waits for a promise to fail with an error of this package. */
export async function backendRejection(promise: Promise<unknown>): Promise<BackendError> {
  try {
    await promise;
  } catch (error) {
    if (isBackendError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
