// Rows of lists in forms: adds, removes and moves rows. Without script there are empty rows.
(() => {
  "use strict";
  const ROW = "[data-row-of-list]";
  const TYPED = "input, textarea";

  const show = (root) => {
    root.querySelectorAll("[data-rows] button[hidden]").forEach((button) => { button.hidden = false; });
  };

  // The places that inputs offer. Their names are in the page once, as data.
  const offerPlaces = () => {
    const data = document.getElementById("place-names-data");
    if (!data || document.getElementById("place-names")) return;
    const list = document.createElement("datalist");
    list.id = "place-names";
    JSON.parse(data.textContent).forEach((name) => {
      list.append(Object.assign(document.createElement("option"), { value: name }));
    });
    document.body.append(list);
  };

  const empty = (row) => row.querySelectorAll(TYPED).forEach((field) => { field.value = ""; });

  const add = (rows) => {
    const last = rows.querySelector(`${ROW}:last-child`);
    const row = last.cloneNode(true);
    const number = rows.querySelectorAll(ROW).length;
    row.querySelectorAll("[id]").forEach((field) => { field.id = `${field.id}-${number}`; });
    empty(row);
    row.querySelectorAll("details").forEach((folded) => {
      folded.open = true;
      folded.querySelector("summary").textContent = "One more";
    });
    last.after(row);
    row.querySelector(TYPED)?.focus();
  };

  /** Goes to the next row, a new one after the last, and returns its first field. */
  const nextRow = (field) => {
    const next = field.closest(ROW).nextElementSibling;
    if (next) next.querySelector(TYPED).focus();
    else add(field.closest("[data-rows]"));
    return document.activeElement;
  };

  const remove = (row) => {
    const list = row.parentElement;
    const next = row.nextElementSibling || row.previousElementSibling;
    if (list.children.length > 1) row.remove();
    else empty(row);
    (next || row).querySelector(TYPED)?.focus();
    // The page may show what the list would do: tell it that the list has changed.
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rows] button");
    if (!button) return;
    const row = button.closest(ROW);
    if (button.matches("[data-row-add]")) add(button.closest("[data-rows]"));
    if (button.matches("[data-row-remove]")) remove(row);
    if (button.matches("[data-row-up]") && row.previousElementSibling) {
      row.previousElementSibling.before(row);
      button.focus();
    }
  });
  // Enter goes on to the next row; it would press the first button of the form.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-rows] input")) return;
    event.preventDefault();
    nextRow(event.target);
  });
  // Lines that are pasted together are a row each.
  document.addEventListener("paste", (event) => {
    if (!event.target.matches("[data-rows] input")) return;
    const lines = event.clipboardData.getData("text").split(/\s*\n\s*/).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    let field = event.target;
    lines.forEach((line, number) => {
      if (number) field = nextRow(field);
      field.value = line;
    });
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("formset:added", (event) => show(event.target));
  document.addEventListener("DOMContentLoaded", () => {
    offerPlaces();
    show(document);
  });
})();
