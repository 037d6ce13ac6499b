// Forms that send one file and show the result.

import { $, all, base } from "./page.js";

for (const form of all(".upload")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = $("input", form).files;
    const status = $("[role=status]", form);
    const query = new URLSearchParams({ name: file.name, folder: form.dataset.folder ?? "", stem: form.dataset.stem ?? "" });
    status.textContent = "Uploading …";
    try {
      const answer = await fetch(`${base}/${form.dataset.to}?${query}`, { method: "POST", body: file });
      const document = await answer.json().catch(() => ({ error: "The studio refused the file: it is too large." }));
      status.textContent = document.error ?? `Saved as ${document.saved}.`;
    } catch {
      status.textContent = "The upload was interrupted. The file may be too large.";
    }
  });
}
