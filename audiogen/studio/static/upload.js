// Forms that send one file and show the result.

import { $, all, base } from "./page.js";

for (const form of all(".upload")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = $("input", form).files;
    const status = $("[role=status]", form);
    const query = new URLSearchParams({ name: file.name, folder: form.dataset.folder ?? "", stem: form.dataset.stem ?? "" });
    status.textContent = "Uploading …";
    const send = async () => {
      const answer = await fetch(`${base}/${form.dataset.to}?${query}`, { method: "POST", body: file });
      return answer.json().catch(() => ({ error: "The studio refused the file: it is too large." }));
    };
    try {
      let document = await send();
      if (document.exists && confirm(`${document.exists} ${document.yes}?`)) {
        query.set("replace", "yes");
        document = await send();
      }
      status.textContent = document.error ?? (document.exists ? "Nothing was saved." : `Saved as ${document.saved}.`);
    } catch {
      status.textContent = "The upload was interrupted. The file may be too large.";
    }
  });
}
