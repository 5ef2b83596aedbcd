// What a page shows, in the query of its address; pure.

const bare = (path) => path.replace(/\/+$/, "");

/** The query with the values of `address` in it, unless that belongs to another page (`at`). */
export function withQuery(pathname, search, address) {
  const { at, ...values } = address ?? {};
  if (at === undefined || bare(at) !== bare(pathname)) return search;
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}
