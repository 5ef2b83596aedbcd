// Lets this device say in words that there is no connection, and the diary be read without one. Once the page stands: it goes first.
if ("serviceWorker" in navigator) {
  const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  const keep = () => navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((one) => {
    if (location.pathname.startsWith("/diary")) one.active?.postMessage("keep");
  });
  window.addEventListener("load", () => soon(() => keep().catch(() => {}), { timeout: 2000 }));
}
