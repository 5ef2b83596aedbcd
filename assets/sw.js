// The diary without a connection: one plain page, kept when the diary was last open, gone when somebody signs out.
// Nothing else is cached; every other request goes to the network as if this file were not here.

const COPY = "diary-copy", PAGE = "/diary/copy";
const DRESS = ["/css/tokens.css", "/css/components.css", "/css/diary.css", "/favicon.svg"];

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
    const copy = ["/", "/diary", "/diary/"].includes(pathname) ? await caches.match(PAGE) : undefined;
    if (copy) return copy;
    throw lost;
  }
}

const worker = /** @type {any} */ (self); // the checker knows a page's globals only
worker.addEventListener("install", () => worker.skipWaiting());
// The page is asked for while this worker is still being started.
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([worker.clients.claim(), worker.registration.navigationPreload?.enable()])));
worker.addEventListener("message", (event) => { if (event.data === "keep") event.waitUntil(keep().catch(() => {})); });
worker.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(navigate(event));
  else if (DRESS.includes(new URL(event.request.url).pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(event.request, { ignoreSearch: true })));
});
