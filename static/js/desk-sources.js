// A pasted address of a source fills its empty title, publisher and day, as far as the page says
// them. The server visits the page; without script these fields are typed.
(() => {
  "use strict";
  const NAMES = ["title", "publisher", "published_on"];
  const list = document.querySelector("[data-describe]");
  if (!list) return;

  const fill = async (url) => {
    const row = url.closest(".desk-source");
    const said = row.querySelector("[role=status]");
    const empty = NAMES.map((name) => [name, row.querySelector(`[name$="-${name}"]`)]).filter(
      ([, field]) => field && !field.value,
    );
    if (!url.value || !empty.length) return;
    said.textContent = "Reading the page …";
    const sent = new FormData();
    sent.set("url", url.value);
    sent.set("csrfmiddlewaretoken", url.form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(list.dataset.describe, { method: "POST", body: sent });
      const found = await answer.json();
      const filled = empty.filter(([name, field]) => found[name] && !field.value);
      for (const [name, field] of filled) field.value = found[name];
      said.textContent =
        found.trouble ||
        (filled.length ? "Filled in from the page: please check." : "The page names nothing more.");
    } catch {
      said.textContent = "The page could not be read.";
    }
  };

  list.addEventListener("change", (event) => {
    if (event.target.matches('[name$="-url"]:not([name$="archived_url"])')) fill(event.target);
  });
})();
