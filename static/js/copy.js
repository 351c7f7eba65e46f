// A button that copies the text of an element, shown only where the browser lets pages copy.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(
        document.getElementById(button.dataset.copy).innerText.replace(/\s+/g, " "),
      );
      const status = button.parentElement.querySelector("[data-copied]");
      status.textContent = status.dataset.copied;
    });
  }
})();
