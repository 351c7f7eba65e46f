// Shows of a long list of boxes those that fit what is typed; a ticked one stays in sight.
(() => {
  "use strict";
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

  for (const box of document.querySelectorAll("input[data-filters]")) {
    const fold = document.getElementById(box.dataset.filters);
    if (!fold) continue;
    const lines = [...fold.querySelectorAll(".field-check")];
    box.addEventListener("input", () => {
      const typed = plain(box.value.slice(box.value.lastIndexOf(",") + 1).trim());
      for (const line of lines) {
        const fits = ` ${plain(line.textContent.trim())}`.includes(` ${typed}`);
        line.hidden = !fits && !line.querySelector("input").checked;
      }
      fold.open = typed !== "";
    });
  }
})();
