// The marks grid: one journal, shown as a table or, where there is no room for one, by lesson.

import { useEffect, useState } from "react";
import { NoLessons } from "./bars.jsx";
import { Phone } from "./phone.jsx";
import { Table } from "./table.jsx";
import { useJournal } from "./use_journal.js";

const PHONE_REM = 46;

/** Whether the window is narrower than a table needs; in rem, so that the large mode counts too. */
function useNarrow() {
  const narrow = () => window.innerWidth <= PHONE_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [found, setFound] = useState(narrow);
  useEffect(() => {
    const measure = () => setFound(narrow());
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  return found;
}

/** @param {{cursor: string, means: boolean, readOnly: boolean, course: string} & import("./use_journal.js").Contract} props */
export function MarksGrid({ cursor, means, readOnly, course, ...contract }) {
  const journal = useJournal(contract), narrow = useNarrow(), { labels } = journal;
  if (!journal.model.ready) return <div className="gridbox" aria-busy="true" aria-label={labels.loading}><div className="gl">{Array.from({ length: 12 }, (_, i) => <div key={i} className="sk" />)}<p className="sm muted">{labels.loading}</p></div></div>;
  if (!journal.model.columns.length) return <div className="gridbox"><NoLessons labels={labels} readOnly={readOnly} /></div>;
  // The heading names another course already, whose sheet is on its way: nothing is shown or written under it.
  const other = Boolean(course) && journal.model.course !== course;
  const shown = narrow ? <Phone journal={journal} /> : <Table journal={journal} cursor={cursor} means={means} />;
  return <div style={{ display: "contents", visibility: other ? "hidden" : undefined }} inert={other} aria-busy={other}>{shown}</div>;
}
