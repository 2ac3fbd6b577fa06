/* screenshots.mjs PAGE.html FOLDER: the page from its top, each of its parts, and what README.md shows; light and dark. */
import { resolve } from "node:path";
import { withBrowser } from "./browser.mjs";

const [pageFile, folder] = process.argv.slice(2);

/* Why the runs differ, and where in the file that comes first: all else is hidden. */
function leaveForReadme() {
  const unwanted = "body > :not(main), main > section:not([aria-labelledby=why], [aria-labelledby=offsets]), #offsets ~ div ~ div";
  document.querySelectorAll(unwanted).forEach((one) => one.remove());
  document.querySelector("main").style.padding = "0 1rem 1rem";
  document.querySelector("h2").style.marginTop = "0";
  document.body.style.padding = "1rem 0 0";
}

await withBrowser(async (open) => {
  for (const scheme of ["light", "dark"]) {
    const page = await open(resolve(pageFile), { colorScheme: scheme, viewport: { width: 1200, height: 800 } });
    await page.locator("html[data-ready=yes]").waitFor();
    const save = (what, name) => what.screenshot({ path: folder + "/" + name + "-" + scheme + ".png" });
    await save(page, "top");
    for (const section of await page.locator("main > section").all())
      await save(section, await section.getAttribute("aria-labelledby"));
    await page.evaluate(leaveForReadme);
    await save(page.locator("body"), "readme");
  }
});
