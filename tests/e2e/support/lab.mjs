// What every flow shares: a `test` that fails when the page complains, breaks its policy or asks
// anything of another server. Import `test` and `expect` from here, not from Playwright.
import { test as base, expect } from "@playwright/test";
import path from "node:path";
import { fileURLToPath } from "node:url";

export { expect };

const out = fileURLToPath(new URL("../out/", import.meta.url));

/** Where the screenshot called `name` goes; the folder is ignored by git. */
export function picture(name) {
  return path.join(out, "pictures", `${name}.png`);
}

export const test = base.extend({
  /**
   * The complaints so far: errors in the console, errors that nothing caught, breaches of the
   * content security policy, failed requests and requests to other servers. A flow that provokes
   * one on purpose takes it out of the list; whatever is left at its end fails it.
   */
  complaints: [
    async ({ page, baseURL }, use) => {
      const complaints = [];
      const home = new URL(baseURL);
      page.on("console", (message) => {
        const { url } = message.location();
        if (message.type() === "error") complaints.push(`console: ${message.text()} (${url})`);
      });
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      page.on("requestfailed", (request) => {
        const reason = request.failure()?.errorText;
        complaints.push(`request failed: ${request.url()} (${reason})`);
      });
      page.on("request", (request) => {
        const { origin, pathname } = new URL(request.url());
        if (origin !== home.origin) complaints.push(`request to another server: ${origin}`);
        else if (!pathname.startsWith(home.pathname)) complaints.push(`outside: ${pathname}`);
      });
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`);
        });
      });
      await use(complaints);
      expect(complaints, "the page complained").toEqual([]);
    },
    { auto: true },
  ],
});
