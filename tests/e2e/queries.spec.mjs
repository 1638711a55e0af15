// Statements from the editor: what they answer, where they fail, and what can be done about it.
import { expect, test } from "./support/lab.mjs";
import { button, editor, open, openPaused, region, snapshot, write } from "./support/page.mjs";

test("a new push query shows its rows, as changes and as a table", async ({ page }) => {
  await open(page);
  await write(page, "SELECT USER_ID, STARS FROM RATINGS_LIVE WHERE STARS < 4 EMIT CHANGES;");
  await button(page, "Run").click();
  const results = region(page, "Results");
  await expect(results.getByRole("columnheader", { name: "STARS" })).toBeVisible();
  await expect(results.getByRole("row").nth(3)).toBeVisible();
  await button(page, "Table").click();
  await expect(button(page, "Table")).toHaveAttribute("aria-pressed", "true");
  await expect(results.getByRole("row").nth(1)).toBeVisible();
  const { results: rows } = await snapshot(page);
  expect(rows).toHaveLength(1);
  expect(Object.keys(rows[0].rows[0])).toEqual(["USER_ID", "STARS"]);
  await results.getByRole("button", { name: /^Close/ }).click();
  await expect.poll(async () => (await snapshot(page)).results.length).toBe(0);
});

test("a push query that lets nothing pass says why", async ({ page }) => {
  await open(page);
  await write(page, "SELECT STARS FROM RATINGS WHERE STARS > 99 EMIT CHANGES;");
  await button(page, "Run").click();
  await expect(region(page, "Results")).toContainText(/0 rows yet · \d+ read, \d+ rejected by/);
});

test("a pull query answers with rows", async ({ page }) => {
  await openPaused(page);
  await write(page, "SELECT * FROM RATINGS_BY_CLUB_STATUS;");
  await button(page, "Run").click();
  const results = region(page, "Results");
  await expect(results.getByRole("columnheader", { name: "CLUB_STATUS" })).toBeVisible();
  await expect(results).toContainText(/\d+ rows?/);
});

test("a syntax error is underlined and told at its place", async ({ page }) => {
  await openPaused(page);
  await write(page, "LIST TOPICS;\nSELECT STARS FORM RATINGS EMIT CHANGES;");
  await expect(page.getByRole("status", { name: "Problems" })).toContainText("2:");
  await expect(page.locator(".cm-lintRange-error").first()).toBeVisible();
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("ControlOrMeta+Enter");
  const results = region(page, "Results");
  await expect(results).toContainText("your SQL");
  await expect(results).toContainText(/line 2, column \d+/);
});

test("a wrong name is found by the engine while one types", async ({ page }) => {
  await openPaused(page);
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("\nSELECT STAR FROM RATINGS EMIT CHANGES;");
  await expect(page.getByRole("status", { name: "Problems" })).toContainText("STAR");
  await expect(page.locator(".cm-lintRange-error").first()).toBeVisible();
});

test("already exists offers to replace and to restart", async ({ page }) => {
  await openPaused(page);
  await write(page, "CREATE STREAM POOR_RATINGS AS SELECT * FROM RATINGS_LIVE WHERE STARS < 3;");
  await button(page, "Run").click();
  const results = region(page, "Results");
  await expect(results).toContainText("already exists");
  await expect(button(page, "Restart with this script")).toBeVisible();
  await expect(button(page, "Use CREATE OR REPLACE")).toBeVisible();
});

test("restart shows an edit in the same data", async ({ page }) => {
  await openPaused(page);
  const count = (state, name) => {
    const topic = state.topics.find((it) => it.name === name);
    return topic.partitions.reduce((sum, it) => sum + it.endOffset, 0);
  };
  const before = await snapshot(page);
  const script = await page.evaluate(() => {
    const host = document.querySelector(".editor-host");
    return [...host.shadowRoot.querySelectorAll(".cm-line")].map((it) => it.textContent).join("\n");
  });
  const edited = script.replace(/stars\s*<\s*3/i, "stars < 2");
  expect(edited).not.toBe(script);
  await write(page, edited);
  await button(page, "Restart").click();
  await expect(region(page, "Results")).not.toContainText("✗");
  await expect.poll(async () => count(await snapshot(page), "POOR_RATINGS"))
    .toBeLessThan(count(before, "POOR_RATINGS"));
  const after = await snapshot(page);
  expect(after.timeMs).toBe(before.timeMs);
  expect(count(after, "ratings")).toBe(count(before, "ratings"));
  await button(page, "Reset").click();
  await expect.poll(async () => (await snapshot(page)).timeMs).toBeLessThanOrEqual(before.timeMs);
});

test("window.headwater executes statements and tells what became of each", async ({ page }) => {
  await openPaused(page);
  const outcomes = await page.evaluate(() =>
    window.headwater.execute("LIST TOPICS;\nSELECT NOPE FROM RATINGS EMIT CHANGES;\nLIST STREAMS;"),
  );
  expect(outcomes.map((it) => it.ok)).toEqual([true, false, false]);
  expect(outcomes[0].rows.length).toBeGreaterThan(0);
  expect(outcomes[1].diagnostics[0]).toMatchObject({ line: 2, severity: "error" });
  expect(outcomes[2].message).toContain("not run");
});

test("the guide's SQL can be tried with its button", async ({ page }) => {
  await openPaused(page);
  await button(page, "Try this SQL").last().click();
  await expect(region(page, "Results").getByRole("listitem").first()).toBeVisible();
});
