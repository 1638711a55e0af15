// Lab commands without typing them: menus of things, forms with the command's text, the list of
// all.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./support/lab.mjs";
import { button, open, openPaused, region, show, snapshot } from "./support/page.mjs";

/** The form that is open. */
const form = (page, title) => page.getByRole("dialog", { name: title, exact: true });

/** A field of the form, by its name. */
const field = (dialog, name) => dialog.locator(`[aria-label="${name}"]`);

/** The text that the form comes to. */
const text = (dialog) => dialog.locator(".command-text");

/** What the form finds wrong. */
const wrong = (dialog) => dialog.getByRole("alert").filter({ hasText: /./ });

/** The button of a thing's menu. */
const opener = (page, name) =>
  region(page, "Catalog").getByLabel(`Commands for ${name}`, { exact: true }).first();

/** Opens the menu of a thing in the catalogue. */
async function menuOf(page, name) {
  await opener(page, name).click();
  const menu = page.getByRole("menu");
  await expect(menu).toBeVisible();
  return menu;
}

/** Chooses in the menu of a thing. */
async function choose(page, name, item) {
  const menu = await menuOf(page, name);
  await menu.getByRole("menuitem").filter({ hasText: item }).first().click();
}

async function clean(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html)}`)).toEqual([]);
}

test("a topic is created with settings, and altered", async ({ page }) => {
  await openPaused(page);
  await button(page, "Catalog").click();
  await button(page, "topic create").click();
  const create = form(page, "topic create");
  await field(create, "topic").fill("by_hand");
  await field(create, "partitions").fill("many");
  await expect(wrong(create)).toContainText("partitions=many is not possible");
  await field(create, "partitions").fill("2");
  await expect(wrong(create)).toHaveCount(0);
  await field(create, "retention.ms").fill("60000");
  await expect(text(create)).toHaveText("topic create by_hand partitions=2 retention.ms=60000");
  await clean(page);
  await create.getByRole("button", { name: "Run", exact: true }).click();
  await expect(create).toBeHidden();
  await expect.poll(async () => {
    const topic = (await snapshot(page)).topics.find((it) => it.name === "by_hand");
    return topic?.partitions.length;
  }).toBe(2);
  await choose(page, "by_hand", "Alter");
  const alter = form(page, "topic alter");
  await expect(field(alter, "retention.ms")).toHaveAttribute("placeholder", "60000");
  await field(alter, "retention.ms").fill("-2");
  await expect(wrong(alter)).toContainText("Value must be at least -1");
  await field(alter, "retention.ms").fill("120000");
  await alter.getByRole("button", { name: "Run", exact: true }).click();
  await expect(alter).toBeHidden();
  await choose(page, "by_hand", "Alter");
  await expect(field(alter, "retention.ms")).toHaveAttribute("placeholder", "120000");
});

test("a record is produced by hand, again and again", async ({ page }) => {
  await openPaused(page);
  await button(page, "Catalog").click();
  await choose(page, "ratings", "Produce");
  const produce = form(page, "produce");
  await field(produce, "key").fill("7");
  await field(produce, "value").fill('{"stars": }');
  await expect(wrong(produce)).toContainText("this is not JSON");
  await field(produce, "value").fill('{"stars": 1}');
  await expect(text(produce)).toHaveText('produce ratings key=7 value={"stars": 1}');
  const ends = async () => {
    const topic = (await snapshot(page)).topics.find((it) => it.name === "ratings");
    return topic.partitions.reduce((sum, it) => sum + it.endOffset, 0);
  };
  const before = await ends();
  for (const appended of [1, 2]) {
    await produce.getByRole("button", { name: "Run", exact: true }).click();
    await expect.poll(ends).toBe(before + appended);
    await expect(produce.getByRole("status")).toContainText("Appended ratings/");
  }
  await page.keyboard.press("Escape");
  await expect(produce).toBeHidden();
  await expect(region(page, "Narration")).toContainText("STARS 1");
});

test("a group is reset only when nobody is in it", async ({ page }) => {
  await open(page);
  await button(page, "Catalog").click();
  await button(page, "consumer create").click();
  const create = form(page, "consumer create");
  await create.getByRole("button", { name: "Run", exact: true }).click();
  await expect(field(create, "consumer")).toBeFocused();
  await expect(wrong(create)).toContainText("consumer create needs NAME");
  await field(create, "consumer").fill("gina");
  await create.getByRole("button", { name: "ratings", exact: true }).click();
  await field(create, "group").fill("shelf");
  await expect(text(create)).toHaveText("consumer create gina topic=ratings group=shelf");
  await create.getByRole("button", { name: "Run", exact: true }).click();
  await expect(create).toBeHidden();
  const named = async () => (await snapshot(page)).consumers.filter((it) => it.group === "shelf");
  await expect.poll(async () => (await named())[0]?.partitions.length).toBeGreaterThan(0);
  // What is committed can be moved, and that happens every five seconds.
  await page.getByLabel("Speed", { exact: true }).selectOption("10");
  await expect.poll(async () => (await named())[0].partitions[0].committed).not.toBeNull();
  await choose(page, "shelf", "Reset");
  const reset = form(page, "group reset");
  await reset.getByRole("button", { name: "earliest", exact: true }).click();
  await expect(reset.getByRole("status")).toContainText("shelf");
  await reset.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reset).toBeVisible();
  await page.keyboard.press("Escape");
  await choose(page, "gina", "Stop");
  await expect.poll(async () => (await named()).length).toBe(0);
  await choose(page, "shelf", "Reset");
  await reset.getByRole("button", { name: "earliest", exact: true }).click();
  await expect(text(reset)).toHaveText("group reset shelf to=earliest");
  await reset.getByRole("button", { name: "Run", exact: true }).click();
  await expect(reset).toBeHidden();
});

test("menus go by keyboard, and the focus comes back", async ({ page }) => {
  await openPaused(page);
  await button(page, "Catalog").click();
  const menu = await menuOf(page, "ratings");
  await clean(page);
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(menu.getByRole("menuitem").last()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(opener(page, "ratings")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(form(page, "consumer create")).toBeVisible();
  await expect(field(form(page, "consumer create"), "consumer")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(opener(page, "ratings")).toBeFocused();
});

test("every command is found, and a typed one fills its form in", async ({ page }) => {
  await openPaused(page);
  await button(page, "Commands").click();
  const all = form(page, "All commands");
  await clean(page);
  await all.getByLabel("Command", { exact: true }).fill("isolate");
  await expect(all.getByRole("listitem")).toHaveCount(1);
  await all.getByLabel("Command", { exact: true }).fill("broker stop 2");
  await page.keyboard.press("Enter");
  const stop = form(page, "broker stop");
  await expect(field(stop, "id")).toHaveValue("2");
  await stop.getByRole("button", { name: "Run", exact: true }).click();
  await expect(stop).toBeHidden();
  await expect(region(page, "Narration")).toContainText("roker 2");
});

test("another seed begins the lesson again", async ({ page }) => {
  await openPaused(page);
  const before = (await snapshot(page)).hash;
  await button(page, "Catalog").click();
  await button(page, "seed").click();
  const seed = form(page, "seed");
  await field(seed, "n").fill("123");
  await seed.getByRole("button", { name: "Run", exact: true }).click();
  await expect(seed).toBeHidden();
  await expect.poll(async () => (await snapshot(page)).hash).not.toBe(before);
});

test("INSERT VALUES says where its record landed", async ({ page }) => {
  await openPaused(page);
  const sql = "INSERT INTO RATINGS (RATING_ID, STARS) VALUES ('900', 1);";
  const [outcome] = await page.evaluate((it) => window.headwater.execute(it), sql);
  expect(outcome.message).toMatch(/^Appended ratings\/\d+@\d+$/);
});

test("a phone has the same menus and forms", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openPaused(page);
  await show(page, "Catalog");
  await choose(page, "customers", "Create producer");
  const create = form(page, "producer create");
  await expect(field(create, "generator")).toHaveValue("auto");
  await clean(page);
  const { x, width } = await create.boundingBox();
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(390);
  await field(create, "producer").fill("more");
  await create.getByRole("button", { name: "Run", exact: true }).click();
  await expect(create).toBeHidden();
  await expect(region(page, "Catalog")).toContainText("more");
});
