// Without a connection: the diary as one plain page, kept when it was last open, gone when somebody signs out; and for
// every other address one page that says so, with nothing of anybody in it, kept for good.
// Nothing else is cached; every other request goes to the network as if this file were not here.

const COPY = "diary-copy", PAGE = "/diary/copy";
const LOST = "no-connection", LOST_PAGE = "/no-connection";
const FRAME = ["/css/tokens.css", "/css/components.css", "/favicon.svg"], DRESS = [...FRAME, "/css/diary.css"];

const forget = () => caches.delete(COPY);

async function keep() {
  const page = await fetch(PAGE, { credentials: "same-origin", redirect: "manual" });
  if (!page.ok) return forget();
  const cache = await caches.open(COPY);
  await cache.put(PAGE, page);
  return Promise.all(DRESS.map((path) => fetch(path).then((answer) => (answer.ok ? cache.put(path, answer) : undefined))));
}

async function navigate(event) {
  const { request } = event, { pathname } = new URL(request.url);
  if (pathname === "/login" || pathname === "/logout" || pathname === "/hat") await forget();
  try {
    return (await event.preloadResponse) ?? (await fetch(request));
  } catch (lost) {
    if (request.method !== "GET") return Response.redirect("/", 303); // a form: its address shows no page
    const copy = ["/", "/diary", "/diary/"].includes(pathname) ? await caches.match(PAGE) : undefined;
    const plain = copy ?? (await caches.match(LOST_PAGE));
    if (plain) return plain;
    throw lost;
  }
}

const worker = /** @type {any} */ (self); // the checker knows a page's globals only
worker.addEventListener("install", (event) => event.waitUntil(caches.open(LOST).then((cache) => cache.addAll([LOST_PAGE, ...FRAME])).then(() => worker.skipWaiting())));
// The page is asked for while this worker is still being started.
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([worker.clients.claim(), worker.registration.navigationPreload?.enable()])));
worker.addEventListener("message", (event) => { if (event.data === "keep") event.waitUntil(keep().catch(() => {})); });
worker.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(navigate(event));
  else if (DRESS.includes(new URL(event.request.url).pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(event.request, { ignoreSearch: true })));
});
