// Opens the search: by its button, by Ctrl+K, by `/` outside fields. Its script and style are fetched when it first does.
// What was opened is forgotten with the sign-out.

const RECENT = "ais-recent:", FIELDS = "input, select, textarea, dialog, [role=grid], [contenteditable]";
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;

async function openSearch(button) {
  try {
    (await import(button.dataset.finder)).open(button);
  } catch {
    button.title = button.dataset.lost;
    button.setAttribute("aria-label", button.dataset.lost);
  }
}
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element && target.closest("[data-finder]");
  if (button) openSearch(button);
});
document.addEventListener("keydown", (event) => {
  const button = document.querySelector("[data-finder]");
  if (!button || event.defaultPrevented || event.isComposing) return;
  const slash = (event.key === "/" || event.code === "Slash") && plain(event);
  const asked = event.code === "KeyK" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!asked && !(slash && !(event.target instanceof Element && event.target.closest(FIELDS)) && !document.querySelector("[data-search]"))) return;
  event.preventDefault();
  openSearch(button);
});
document.addEventListener("submit", ({ target }) => {
  if (!(target instanceof HTMLFormElement) || target.getAttribute("action") !== "/logout") return;
  for (const storage of [localStorage, sessionStorage]) {
    Object.keys(storage).filter((key) => key.startsWith(RECENT)).forEach((key) => storage.removeItem(key));
  }
}, true);
