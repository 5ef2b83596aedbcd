// What the page is going to show is asked for while its scripts are still being read (ais_app/web/fetched/).
{
  const { pathname, search } = window.location, course = /^\/journal\/([a-z2-7]{16})\/?$/.exec(pathname);
  const at = course ? `/journal/${course[1]}/sheet${search}` : /^\/diary\/?$/.test(pathname) ? `/diary/week${search}` : "";
  if (at) {
    window.ahead = { at, answer: fetch(at, { cache: "no-cache", redirect: "manual", signal: AbortSignal.timeout(30_000) }) };
    window.ahead.answer.catch(() => {}); // whoever waits for it hears of it
  }
}

// A page that the browser has kept whole is not shown again without being asked for: somebody may have signed out.
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) window.location.reload(); });
