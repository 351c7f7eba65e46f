// Suggests names for the last of several: a list of options alone completes only one.
(() => {
  "use strict";
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const MOST = 8;

  for (const box of document.querySelectorAll("input[data-suggest]")) {
    const options = box.list;
    const names = [...options.options].map((option) => option.value);
    const suggest = () => {
      const cut = box.value.lastIndexOf(",") + 1;
      const before = cut ? `${box.value.slice(0, cut)} ` : "";
      const typed = plain(box.value.slice(cut).trim());
      const found = typed
        ? names.filter((name) => ` ${plain(name)}`.includes(` ${typed}`)).slice(0, MOST)
        : [];
      options.replaceChildren(...found.map((name) => {
        const option = document.createElement("option");
        option.value = before + name;
        return option;
      }));
    };
    box.addEventListener("input", suggest);
    suggest();
  }
})();
