// The editor of a guide's steps: moves them without a reload, and draws what readers would see
// while one types. Without it the same buttons ask the server for both.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-preview]")) {
    const preview = document.getElementById(form.dataset.preview);
    const unsaved = document.getElementById(form.dataset.unsaved);
    const told = form.querySelector("[role=status]");
    const rows = () => Array.from(form.querySelectorAll(".desk-step"));
    const field = (row, name) => row.querySelector(`[name=${name}]`);
    const written = () =>
      rows()
        .map((row) => [field(row, "act").value.trim(), field(row, "expect").value.trim()])
        .filter(([act]) => act);
    const atFirst = unsaved.hidden ? JSON.stringify(written()) : "";

    const line = (name, text) => {
      const element = document.createElement("p");
      element.className = name;
      element.textContent = text;
      return element;
    };

    const draw = () => {
      preview.replaceChildren(
        ...written().map(([act, expect]) => {
          const step = document.createElement("li");
          step.append(line("desk-act", act));
          if (expect) step.append(line("desk-quiet", expect));
          return step;
        }),
      );
      unsaved.hidden = JSON.stringify(written()) === atFirst;
    };

    const renumber = () =>
      rows().forEach((row, index) => {
        const place = index + 1;
        row.querySelector("legend").textContent = `Step ${place}`;
        field(row, "order").value = place;
        for (const button of row.querySelectorAll("[data-move]")) {
          button.value = `${place}:${button.dataset.move}`;
          button.querySelector("span").textContent = ` step ${place}`;
        }
      });

    // Puts a step before the one that now has a place, counted from 0; at the end without one.
    const put = (row, place) => {
      const others = rows().filter((other) => other !== row);
      const next = others[place];
      if (next) next.before(row);
      else others[others.length - 1]?.after(row);
      renumber();
      draw();
      told.textContent = `It is step ${rows().indexOf(row) + 1} now.`;
    };

    form.addEventListener("input", draw);
    form.addEventListener("change", (event) => {
      if (event.target.name !== "order") return;
      put(event.target.closest(".desk-step"), Math.max(0, Number(event.target.value) - 1));
      event.target.focus();
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest(".desk-step");
      const place = rows().indexOf(row) + (button.dataset.move === "up" ? -1 : 1);
      if (place >= 0 && place < rows().length) put(row, place);
      button.focus();
    });
  }
})();
