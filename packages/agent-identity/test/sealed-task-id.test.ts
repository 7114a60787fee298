import { expect, test } from "vitest";
import { AgentKey } from "../src/index.js";
import { openSealedTaskId } from "../src/sealed-task-id.js";
import { rejectionOf } from "./support/errors.js";
import { sealText } from "./support/seal.js";
import { vectors } from "./support/vectors.js";

const key = AgentKey.fromPkcs8Base64(vectors.key.pkcs8_version_1);
const openable = vectors.sealed_task_ids.filter((vector) => vector.task_id !== undefined);
const refused = vectors.sealed_task_ids.filter((vector) => vector.error !== undefined);

test("has vectors of both kinds", () => {
  expect([openable.length, refused.length]).toEqual([3, 4]);
});

test.each(openable)("opens $ciphertext", async ({ ciphertext, task_id: taskId }) => {
  expect(await openSealedTaskId(key, ciphertext)).toBe(taskId);
});

test.each(refused)("refuses $ciphertext", async ({ ciphertext, error }) => {
  expect(await rejectionOf(openSealedTaskId(key, ciphertext))).toMatchObject({
    message: error,
    kind: "sealed_task_id",
    retryable: false,
  });
});

test("refuses an ephemeral key of low order", async () => {
  const box = Buffer.alloc(48).toString("base64");
  expect((await rejectionOf(openSealedTaskId(key, box))).message).toBe("failed to decrypt encrypted task id");
});

test("keeps a byte-order mark, which belongs to the id", async () => {
  const sealed = sealText("\ufefftask", vectors.key.curve25519_public_hex);
  expect(await openSealedTaskId(key, sealed)).toBe("\ufefftask");
});
