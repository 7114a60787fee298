import { expect, test } from "vitest";
import { errorPage, successPage } from "../../src/flows/pages.js";

const text = {
  title: "<bad>",
  message: "it's <script>alert(1)</script>",
  code: "code&value",
  description: '"quoted"',
  help: "help",
};

test("an error page shows everything and lets nothing through as markup", () => {
  const page = errorPage(text);
  for (const escaped of [
    "<h1>&lt;bad&gt;</h1>",
    "<title>&lt;bad&gt;</title>",
    "it&#39;s &lt;script&gt;alert(1)&lt;/script&gt;",
    "code&amp;value",
    "&quot;quoted&quot;",
  ]) {
    expect(page).toContain(escaped);
  }
  expect(page).not.toContain("<script");
});

test("a description that only repeats the message is shown once", () => {
  const page = errorPage({ ...text, message: "the same", description: "the same" });
  expect(page.split("the same")).toHaveLength(2);
});

test("the success page has a brief form", () => {
  expect(successPage({ isStreamlined: true }).length).toBeLessThan(
    successPage({ isStreamlined: false }).length,
  );
});
