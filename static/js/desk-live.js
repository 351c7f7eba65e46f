// Selectors are tried on the stored capture while one types: the form is sent as its Preview button
// would send it, and the answer's part takes the place of the one that is shown.
(() => {
  "use strict";
  const PAUSE = 400; // milliseconds without typing
  for (const form of document.querySelectorAll("form[data-live]")) {
    let waiting = 0;
    let asked = null;
    const look = async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          signal: asked.signal,
        });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.getElementById(form.dataset.live);
        if (answer.ok && found) document.getElementById(form.dataset.live).replaceWith(found);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, PAUSE);
    });
  }
})();
