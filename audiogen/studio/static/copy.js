// Buttons that copy the text of an element.

import { $, all, copy } from "./page.js";

for (const button of all("[data-copy]")) {
  button.addEventListener("click", async () => {
    const shown = $(button.dataset.copy);
    const label = button.textContent;
    button.textContent = (await copy(shown.textContent, shown)) ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}
