// The editor helps while one writes: what fits at the cursor, what a name means, lab commands too.
import { expect, test } from "./support/lab.mjs";
import { button, editor, openPaused, region, snapshot, write } from "./support/page.mjs";

/** The list of completions, which the editor keeps in its shadow root. */
const list = (page) => page.locator(".editor-host").getByRole("listbox");

/** For a moment after it opens, a list takes no keys, so that nobody takes one by accident. */
const settled = (page) => page.waitForTimeout(200);

test("columns and functions are offered, and taken by keyboard", async ({ page }) => {
  await openPaused(page);
  await write(page, "SELECT  FROM RATINGS EMIT CHANGES;");
  await page.keyboard.press("ControlOrMeta+Home");
  for (let right = 0; right < 7; right += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.type("STA", { delay: 30 });
  await expect(list(page).getByRole("option").first()).toContainText("STARS");
  await settled(page);
  await page.keyboard.press("Enter");
  await expect(editor(page)).toContainText("SELECT STARS FROM RATINGS EMIT CHANGES;");
  await page.keyboard.type(", ucas", { delay: 30 });
  await expect(list(page).getByRole("option").first()).toContainText("UCASE");
  await expect(page.locator(".cm-completionInfo")).toContainText("UCASE");
  await page.keyboard.press("Escape");
  await expect(list(page)).toBeHidden();
});

test("help comes for the name at the cursor, and goes", async ({ page }) => {
  await openPaused(page);
  await write(page, "SELECT SUBSTRING(MESSAGE, 1, 3) FROM RATINGS EMIT CHANGES;");
  await page.keyboard.press("ControlOrMeta+Home");
  for (let right = 0; right < 10; right += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F1");
  const help = page.locator(".editor-host .cm-help");
  await expect(help).toContainText("SUBSTRING");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
});

test("a lab command is completed and run where the cursor is", async ({ page }) => {
  await openPaused(page);
  await write(page, "SHOW TOPICS;\n\n");
  await page.keyboard.type("topic cre", { delay: 30 });
  await expect(list(page).getByRole("option").first()).toContainText("create");
  await settled(page);
  await page.keyboard.press("Enter");
  await page.keyboard.type(" by_hand partitions=2");
  await expect(region(page, "Editor").getByRole("status", { name: "Problems" })).toBeEmpty();
  await page.keyboard.press("Escape");
  await button(page, "Run").click();
  await expect.poll(async () => (await snapshot(page)).topics.map((it) => it.name)).toContain(
    "by_hand",
  );
});
