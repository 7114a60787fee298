import { expect, test } from "vitest";
import {
  createdFileSchema,
  finalizedFileSchema,
  imageResponseSchema,
  memoriesResponseSchema,
  searchResponseSchema,
} from "../src/schemas/index.js";

test("reads memories under both names of the wire, and gives them one", () => {
  const output = [
    { trace_summary: "a", memory_summary: "b", more: 1 },
    { raw_memory: "", memory_summary: "" },
  ];
  expect(memoriesResponseSchema.parse({ output })).toStrictEqual({
    output: [
      { raw_memory: "a", memory_summary: "b" },
      { raw_memory: "", memory_summary: "" },
    ],
  });
});

test.each([
  [{ memory_summary: "b" }, "trace_summary"],
  [{ trace_summary: "a", raw_memory: "a", memory_summary: "b" }, "raw_memory"],
  [{ trace_summary: "a" }, "memory_summary"],
  [{ raw_memory: null, memory_summary: "b" }, "raw_memory"],
])("of the memory %j it refuses %s", (memory, member) => {
  const { error } = memoriesResponseSchema.safeParse({ output: [memory] });
  expect(error?.issues.map(({ path }) => path)).toEqual([["output", 0, member]]);
});

test("what an image answer does not say is null", () => {
  expect(imageResponseSchema.parse({ created: 0, data: [{ b64_json: "QQ==", url: "u" }] })).toStrictEqual({
    created: 0,
    data: [{ b64_json: "QQ==" }],
    background: null,
    quality: null,
    size: null,
  });
});

test.each([{ created: -1 }, { created: 0.5 }, { data: [{}] }, { background: "plaid" }, { quality: 1 }])(
  "refuses an image answer with %j",
  (wrong) => {
    expect(imageResponseSchema.safeParse({ created: 1, data: [], ...wrong }).success).toBe(false);
  },
);

test.each([
  [{ output: "r" }, { output: "r", encrypted_output: null }],
  [
    { output: "r", encrypted_output: "e", results: [] },
    { output: "r", encrypted_output: "e" },
  ],
  [
    { output: "r", results: [1, { a: null }], more: 1 },
    { output: "r", encrypted_output: null, results: [1, { a: null }] },
  ],
])("reads the search answer %j", (answer, value) => {
  expect(searchResponseSchema.parse(answer)).toStrictEqual(value);
});

test.each(["", ".", "..", 5])("refuses the file id %j", (file_id) => {
  expect(createdFileSchema.safeParse({ file_id, upload_url: "https://h" }).success).toBe(false);
});

test("reads where a file goes, and what became of it", () => {
  expect(createdFileSchema.parse({ file_id: "f", upload_url: "u", more: 1 })).toStrictEqual({
    file_id: "f",
    upload_url: "u",
  });
  expect(finalizedFileSchema.parse({ status: "retry", file_size_bytes: 5 })).toStrictEqual({
    status: "retry",
    download_url: null,
    file_name: null,
    mime_type: null,
    file_size_bytes: 5,
    error_message: null,
  });
});
