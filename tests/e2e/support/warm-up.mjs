// Before the flows: the browser and the page are loaded once, without a hurry. The first start of
// a browser on a machine reads it from disk, and that may take longer than a flow is given.
import { chromium } from "@playwright/test";

/** Opens the page once and waits until its engine answers. */
export default async function warmUp(config) {
  const { launchOptions, baseURL } = config.projects[0].use;
  const browser = await chromium.launch({ ...launchOptions, timeout: 180_000 });
  try {
    const page = await browser.newPage();
    await page.goto(baseURL, { timeout: 180_000 });
    await page.waitForFunction(() => window.headwater?.snapshot(), null, { timeout: 180_000 });
  } finally {
    await browser.close();
  }
}
