// Buttons that open the studio for phones, and close it.

import { $, ask, say } from "./page.js";
import { refreshed } from "./refresh.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-phones]");
  if (!button) return;
  const place = button.closest("[data-part]");
  button.disabled = true;
  try {
    const { url } = await ask(`phone/${button.dataset.phones}`, { body: {} });
    await refreshed(`#${place.id}`, `#${place.id} [data-phones]`, url ? "Phones can reach the studio now." : "Phones cannot reach the studio any more.");
  } catch (error) {
    button.disabled = false;
    const status = $("[role=alert]", button.closest(".opening"));
    status.textContent = error.message;
    say(error.message);
  }
});
