// Keys of the curation desk. Each key presses a button or follows a link that is on the page
// anyway (data-key="d", or "d 1" for two keys after one another); nothing is done here alone.
(() => {
  "use strict";
  const SWITCH = "desk-keys";
  const MOVES = ["j", "k", "n", "p"];
  const desk = document.querySelector("[data-desk]") || document.getElementById("content-main");
  if (!desk) return;

  const all = (selector) => Array.from(document.querySelectorAll(selector));
  // Where a page lists several items, each with its own buttons, keys press those of the item that
  // has the focus, and of no other.
  const target = (keys) => {
    const here = document.activeElement?.closest("[data-item]") || null;
    const found = all("[data-key]").filter((one) => one.dataset.key.split(",").includes(keys));
    const outside = found.filter((one) => !one.closest("[data-item]"));
    // Of several boxes with one key, the first that is not ticked.
    return found.find((one) => here && here.contains(one)) || outside.find((one) => !one.checked) || outside[0];
  };
  let on = localStorage.getItem(SWITCH) !== "off";
  let first = "";

  const toggle = document.querySelector("[data-desk-toggle]");
  const showSwitch = () => {
    if (!toggle) return;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "Keys on" : "Keys off";
  };
  showSwitch();
  toggle?.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(SWITCH, on ? "on" : "off");
    showSwitch();
  });

  // Moves the focus by one among elements, from the one that has it.
  const step = (elements, by) => {
    const here = elements.findIndex((element) => element.contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : elements.length - 1) : here + by;
    const element = elements[Math.min(Math.max(next, 0), elements.length - 1)];
    if (!element) return;
    const folded = element.closest("details:not([open])");
    if (folded) folded.open = true;
    if (!element.matches("a, button, summary")) element.tabIndex = -1;
    element.focus();
    element.scrollIntoView({ block: "center" });
  };

  // Whether a passage says more than another date, such as "Last updated: 3 May 2024".
  const saysMore = (passage) => {
    const words = passage.textContent.replace(/\s+/g, " ").trim();
    return words.length > 80 || !/\b(19|20)\d\d\b/.test(words);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passage], [data-row], [data-focus]");
    if (!button) return;
    if (button.dataset.passage) {
      const passages = all('[id^="passage-"]');
      const telling = passages.filter(saysMore);
      step(telling.length ? telling : passages, Number(button.dataset.passage));
    }
    if (button.dataset.row) step(all("#result_list tbody th a, .desk-rows a, [data-item] summary"), Number(button.dataset.row));
    if (button.dataset.focus) document.querySelector(button.dataset.focus)?.focus();
  });

  const typing = (element) =>
    element.matches("input:not([type=checkbox]):not([type=radio]), select, textarea");

  document.addEventListener("keydown", (event) => {
    const focused = document.activeElement || document.body;
    if (event.key === "Escape") {
      first = "";
      for (const help of all(".desk-keys[open]")) help.open = false;
      desk.focus();
      return;
    }
    // A key that is held down decides once; it may move on through a list.
    if (event.repeat && !MOVES.includes(event.key)) return;
    if (!on || event.ctrlKey || event.altKey || event.metaKey || typing(focused)) return;
    const pair = first && target(`${first} ${event.key}`);
    const found = pair || target(event.key);
    first = pair || event.key === "Shift" ? "" : event.key;
    if (!found) return;
    event.preventDefault();
    if (found.matches("summary")) found.parentElement.open = !found.parentElement.open;
    else found.click();
    if (found.matches("[type=checkbox]")) target(event.key)?.scrollIntoView({ block: "nearest" });
  });

  // Counts the characters of fields that have a longest length but cut nothing.
  for (const field of all("[data-count]")) {
    const counter = document.createElement("span");
    counter.className = "desk-quiet";
    const count = () => { counter.textContent = `${field.value.length} of ${field.dataset.count}`; };
    field.addEventListener("input", count);
    field.after(counter);
    count();
  }

  // Django's script draws these icons with a label but without a role that may have one.
  addEventListener("load", () => {
    for (const icon of all(".help-tooltip[aria-label]:not([role])")) icon.setAttribute("role", "img");
  });

  desk.tabIndex = -1;
  const wanted = document.querySelector("[autofocus]") || desk;
  if (document.activeElement === document.body) wanted.focus({ preventScroll: wanted === desk });
})();
