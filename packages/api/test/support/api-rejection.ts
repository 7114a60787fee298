import { type ApiError, isApiError } from "../../src/index.js";

/** Waits for a promise to fail with an error of this package. */
export async function apiRejection(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (error) {
    if (isApiError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
