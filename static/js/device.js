// Puts the steps for the device in hand before those for others, and names it in the links to them.
(() => {
  "use strict";
  const { userAgent, maxTouchPoints } = navigator;
  // iPads present themselves as Macs, which have no touch screen.
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  const device = /Android/.test(userAgent) ? "android" : isIos ? "ios" : "web";

  const steps = document.getElementById(device);
  const first = document.querySelector("section.surface");
  if (!steps || !steps.matches("section.surface")) return;
  if (steps !== first) first.before(steps);
  // A link to the steps for phones names one kind of them.
  if (device !== "web" && ["#ios", "#android"].includes(location.hash)) steps.scrollIntoView();

  for (const list of document.querySelectorAll(".task-directions")) {
    const line = list.querySelector(`[data-surface="${device}"]`);
    if (line) list.querySelector("[data-surface]").before(line);
  }
  const links = document.querySelector(".device-links ul");
  const [...all] = links.children;
  if (all.length < 2) return;
  const own = all.find((each) => each.querySelector(`[href="#${device}"]`));
  if (device !== "web") own.append(` ${links.dataset.here}`);
  links.prepend(own);
})();
