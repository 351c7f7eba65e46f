// Suggests names for the last of several services: a list of options alone completes only one.
(() => {
  "use strict";
  const box = document.getElementById("box");
  const options = document.getElementById("box-names");
  if (!box || !options) return;
  const names = [...options.options].map((option) => option.value);
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const MOST = 8;

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
})();
