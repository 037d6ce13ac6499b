// Forms that send one file as it is, and tell what became of it.

import { $, all, base } from "./page.js";

for (const form of all(".upload")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = $("input", form).files;
    const told = $("[role=status]", form);
    const query = new URLSearchParams({ name: file.name, folder: form.dataset.folder ?? "", stem: form.dataset.stem ?? "" });
    told.textContent = "Uploading …";
    try {
      const answer = await fetch(`${base}/${form.dataset.to}?${query}`, { method: "POST", body: file });
      const document = await answer.json().catch(() => ({ error: "The studio did not take it: it is too large." }));
      told.textContent = document.error ?? `Kept as ${document.kept}.`;
    } catch {
      told.textContent = "The upload broke off. The studio takes files up to a limit; is this one larger?";
    }
  });
}
