// Where the diary is open: let it be read later without a connection too. Once the page stands: it goes first.
if ("serviceWorker" in navigator && location.pathname.startsWith("/diary")) {
  const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  const keep = () => navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((one) => one.active?.postMessage("keep"));
  window.addEventListener("load", () => soon(keep, { timeout: 2000 }));
}
