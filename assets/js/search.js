// The dialog of the search: a combobox over the hits of the server. It keeps what was last opened, by account: on an own
// device until the sign-out, else in this tab only.

const PAUSE = 60, MOST_RECENT = 5, LONGEST = 80, SVG = "http://www.w3.org/2000/svg";
const GLASS = "M10.8 17.1a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6zM15.5 15.5 20 20", CROSS = "M6.5 6.5l11 11M17.5 6.5l-11 11";
const ALERT = "M12 4 21 19.5H3zM12 10v4.5M12 17v.2";

let dialog, input, chips, list, status, opening, words, section = "", shown = "", turn = 0, timer = 0, active = -1, chose = false;

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((one) => one !== undefined && one !== ""));
  return made;
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg"), line = document.createElementNS(SVG, "path");
  svg.setAttribute("class", "i");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const plural = (texts, count) => (texts[new Intl.PluralRules(words.lang).select(count)] ?? texts.other).replace("{count}", String(count));
const kbd = (keys) => keys.flatMap((key, at) => (at && key !== "↓" ? ["+", el("kbd", {}, key)] : [el("kbd", {}, key)]));
const options = () => [...list.querySelectorAll("[role=option]")];

async function ask(q) {
  const answer = await fetch("/search", { method: "POST", body: new URLSearchParams({ q, in: section }) });
  if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
  return answer.json();
}

// ---- what was opened

const storage = () => (opening?.kept ? localStorage : sessionStorage);
const place = () => `ais-recent:${opening?.account}`;
function recent() {
  try { return opening ? JSON.parse(storage().getItem(place()) ?? "[]") : []; } catch { return []; }
}
function remember(hit) {
  const { key, href, title, line, go, icon: sign, letters } = hit;
  const plain = (pieces) => (pieces?.length ? [pieces.join("")] : undefined);
  const one = { key, href, title: plain(title), line: plain(line), go, icon: sign, letters };
  try { storage().setItem(place(), JSON.stringify([one, ...recent().filter((other) => other.href !== href)].slice(0, MOST_RECENT))); } catch { /* a full or forbidden storage */ }
}
function forgetOthers() {
  for (const kept of [localStorage, sessionStorage]) {
    for (const key of Object.keys(kept)) {
      if (key.startsWith("ais-recent:") && key.split(":")[1] !== opening.account.split(":")[0]) kept.removeItem(key);
    }
  }
}

// ---- rows

const pieces = (texts) => texts.map((text, at) => (at % 2 ? el("mark", {}, text) : text));

function row(hit) {
  return el("a", {
    class: "sr", role: "option", tabindex: "-1", href: hit.href, "aria-selected": "false", "data-testid": "hit", "data-key": hit.key,
    click: () => { remember(hit); if (hit.href.split("?")[0] === location.pathname) dialog.close(); },
  },
  el("span", { class: "ic", "aria-hidden": "true" }, hit.letters ?? (hit.icon ? icon(hit.icon) : "")),
  el("span", {}, el("b", {}, ...pieces(hit.title)), hit.line ? el("small", {}, ...pieces(hit.line)) : ""),
  el("span", { class: "go" }, hit.go ?? ""));
}

const heading = (text, count) => el("div", { class: "sh", role: "presentation" }, el("span", {}, text), el("span", { class: "dim" }, count ? String(count) : ""));

function group(label, hits, total = 0, name = "") {
  const more = total > hits.length && !section
    ? el("button", { class: "sr more", type: "button", role: "option", tabindex: "-1", "aria-selected": "false", "data-testid": "more", click: () => choose(name) }, plural(words.more, total - hits.length))
    : "";
  return el("div", { role: "group", "aria-label": label, "data-section": name }, heading(label, total), ...hits.map(row), more);
}

function show(...content) {
  const before = options()[active]?.dataset.key;
  list.replaceChildren(...content);
  const all = options(), kept = chose ? all.findIndex((one) => one.dataset.key === before) : -1;
  chose = kept >= 0;
  activate(Math.max(kept, all.length ? 0 : -1));
  if (!chose) list.scrollTop = 0;
}

function activate(at) {
  const all = options();
  all.forEach((one, index) => { one.id = `hit-${index}`; one.setAttribute("aria-selected", String(index === at)); });
  active = at;
  input.setAttribute("aria-expanded", String(all.length > 0));
  if (all[at]) { input.setAttribute("aria-activedescendant", all[at].id); all[at].scrollIntoView({ block: "nearest" }); }
  else input.removeAttribute("aria-activedescendant");
}

// ---- states

const said = (title, text, ...rest) => el("div", { class: "empty", role: "presentation" }, el("p", { class: "big" }, title), text ? el("p", {}, text) : "", ...rest);

function start() {
  shown = "";
  const opened = recent(), also = words.also.flatMap(([example, text], at) => [at ? " · " : "", el("b", {}, example), ` — ${text}`]);
  status.textContent = "";
  show(...(opened.length ? [group(words.recent, opened)] : []), group(words.usual, opening.usual.filter((one) => !opened.some((other) => other.href === one.href))),
    el("p", { class: "sm muted also", role: "presentation" }, ...also));
}

function failed(error) {
  const lost = error.status === undefined, over = error.status === 404, opened = recent();
  const text = lost ? (opened.length ? words.lost : words.lostPlain) : over ? words.ended : words.refused;
  const step = over ? el("a", { class: "btn", href: "/login" }, words.again) : el("button", { class: "btn", type: "button", click: () => search() }, words.again);
  status.textContent = text;
  show(el("div", { class: "note warn", role: "presentation" }, icon(ALERT), el("span", { class: "grow" }, text), step), ...(lost && opened.length ? [group(words.recent, opened)] : []));
}

function answered(typed, found) {
  shown = typed;
  const count = found.sections.reduce((sum, one) => sum + one.total, 0);
  const groups = found.sections.map((one) => group(one.label, one.hits, one.total, one.name));
  const none = words.nothing.replace("{text}", typed);
  if (!count) show(said(none, words.nothingHint));
  else if (found.similar) show(said(none, words.similar), ...groups);
  else show(...groups);
  status.textContent = count && !found.similar ? plural(words.count, count) : none;
}

async function search() {
  clearTimeout(timer);
  const typed = input.value.trim(), mine = ++turn;
  if (!typed) { start(); return; }
  try {
    const found = await ask(typed);
    if (mine === turn) answered(typed, found);
  } catch (error) {
    if (mine === turn) failed(error);
  }
}

function choose(name) {
  section = name;
  chips.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.name === name)));
  input.focus();
  search();
}

// ---- keys

function nextSection(by) {
  const all = options(), groups = [...list.querySelectorAll("[role=group]")], now = groups.findIndex((one) => one.contains(all[active]));
  const next = groups[now + by]?.querySelector("[role=option]");
  if (next) { chose = true; activate(all.indexOf(next)); }
  return Boolean(next);
}

function pressed(event) {
  event.stopPropagation();
  if (event.isComposing) return;
  if (event.code === "KeyK" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); input.focus(); return; }
  if (event.key === "Escape") {
    event.preventDefault();
    if (input.value) { input.value = ""; section = ""; choose(""); } else dialog.close();
    return;
  }
  if (event.target !== input) return;
  const all = options();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    chose = true;
    if (all.length) activate((active + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
  } else if (event.key === "Tab" && nextSection(event.shiftKey ? -1 : 1)) event.preventDefault();
  else if (event.key === "Enter") enter(event);
}

async function enter(event) {
  event.preventDefault();
  if (input.value.trim() !== shown) await search();
  const chosen = options()[active];
  if (!chosen) return;
  if (!(event.ctrlKey || event.metaKey) || !(chosen instanceof HTMLAnchorElement)) { chosen.click(); return; }
  window.open(chosen.href, "_blank", "noopener");
}

// ---- the dialog

function make(button) {
  document.head.append(el("link", { rel: "stylesheet", href: button.dataset.style }));
  input = el("input", {
    role: "combobox", "aria-expanded": "false", "aria-controls": "search-hits", "aria-autocomplete": "list", "aria-label": words.label, placeholder: words.hint, maxlength: String(LONGEST),
    autocomplete: "off", spellcheck: "false", "data-testid": "search-input", input: () => { clearTimeout(timer); timer = window.setTimeout(search, PAUSE); },
  });
  const chip = (name, label) => el("button", { type: "button", "data-name": name, "aria-pressed": String(name === ""), click: () => choose(name) }, label);
  chips = el("div", { class: "sc", role: "group", "aria-label": words.where }, chip("", words.all), ...opening.sections.map(([name, label]) => chip(name, label)));
  list = el("div", { class: "hits", role: "listbox", id: "search-hits", "aria-label": words.found, tabindex: "-1" });
  status = el("p", { class: "vh", role: "status" });
  dialog = el("dialog", {
    class: "sov", "aria-label": words.title, "data-testid": "search", keydown: pressed, close: () => { turn += 1; clearTimeout(timer); },
    cancel: (event) => event.preventDefault(), click: ({ target }) => { if (target === dialog) dialog.close(); },
  },
  el("div", { class: "q" }, icon(GLASS), input, el("button", { class: "btn sm ghost icon", type: "button", "aria-label": words.close, click: () => dialog.close() }, icon(CROSS))),
  chips, list, el("div", { class: "kb" }, ...words.keys.map(([keys, text]) => el("span", {}, ...kbd(keys), ` ${text}`))), status);
  document.body.append(dialog);
}

/** Open the search. The button has the address of the style. Raises where there is no connection yet. */
export async function open(button) {
  if (dialog?.open) { input.focus(); return; }
  if (!opening) {
    opening = await ask("");
    ({ words } = opening);
    forgetOthers();
  }
  if (!dialog) make(button);
  if (dialog.open) return;
  input.value = section = "";
  dialog.showModal();
  choose("");
}
