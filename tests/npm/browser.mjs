/* Chromium, as BROWSER names it, without a screen. */
import { pathToFileURL } from "node:url";
import { load } from "./packages.mjs";

const { chromium } = load("playwright-core");

/* use(open): open(file, options) is a page that shows the file. What it asks for beside that file, its errors and its
   complaints are gathered in page.trouble. */
export async function withBrowser(use) {
  const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox"], timeout: 120000 });
  try {
    return await use(async (file, options) => {
      const page = await browser.newPage(options);
      page.setDefaultTimeout(60000);
      page.trouble = [];
      page.on("console", (said) => ["error", "warning"].includes(said.type()) && page.trouble.push(said.text()));
      page.on("pageerror", (error) => page.trouble.push(String(error)));
      page.on("dialog", (dialog) => page.trouble.push(dialog.message()) && dialog.dismiss());
      const address = pathToFileURL(file).href;
      page.on("request", (request) => request.url() !== address && page.trouble.push("asks for " + request.url()));
      await page.goto(address);
      return page;
    });
  } finally {
    await browser.close();
  }
}

