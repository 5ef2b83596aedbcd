// Menus are `<details data-menu>`: one is open at a time; Escape closes it and gives the focus back, so does a press or a step elsewhere.

const opened = () => [...document.querySelectorAll("details[data-menu][open]")];
const close = (menu) => menu.removeAttribute("open");
const closeOthers = (target) => opened().filter((menu) => !menu.contains(target)).forEach(close);

document.addEventListener("toggle", ({ target }) => {
  if (target instanceof HTMLDetailsElement && target.open && target.matches("details[data-menu]")) closeOthers(target);
}, true);
document.addEventListener("pointerdown", ({ target }) => closeOthers(target), true);
document.addEventListener("focusin", ({ target }) => closeOthers(target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && !event.isComposing ? opened().at(-1) : undefined;
  if (!menu) return;
  event.stopPropagation();
  close(menu);
  menu.querySelector("summary")?.focus();
}, true);
