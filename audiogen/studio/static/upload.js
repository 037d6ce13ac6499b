// Forms that send one file and show the result.

import { $, all } from "./page.js";
import { sendOver } from "./send.js";

for (const form of all(".upload")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = $("input", form).files;
    const status = $("[role=status]", form);
    const query = { name: file.name, folder: form.dataset.folder ?? "", stem: form.dataset.stem ?? "" };
    status.textContent = "Uploading …";
    try {
      const answer = await sendOver(form.dataset.to, query, file);
      status.textContent = answer.error ?? (answer.exists ? "Nothing was saved." : `Saved as ${answer.saved}.`);
    } catch {
      status.textContent = "The upload was interrupted. The file may be too large.";
    }
  });
}
