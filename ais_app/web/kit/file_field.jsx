// @ts-check
// One file, sent by a request of its own: fetch tells nothing of what has gone up, XMLHttpRequest does.

import { useEffect, useId, useRef, useState } from "react";

/** «1,4 MB», in the language of the page. */
function sizeInWords(size, units) {
  const names = units.split(" "), power = size < 1024 ? 0 : size < 1024 ** 2 ? 1 : 2;
  const text = (size / 1024 ** power).toLocaleString(document.documentElement.lang, { maximumFractionDigits: power === 2 ? 1 : 0 });
  return `${text} ${names[power]}`;
}

/** @param {XMLHttpRequest} request */
function answerOf(request) {
  try { return JSON.parse(request.responseText) ?? {}; } catch { return {}; }
}

export function FileField({ name, to, endings, largest, words, onSent, children }) {
  const id = useId(), input = useRef(/** @type {HTMLInputElement | null} */ (null)), request = useRef(/** @type {XMLHttpRequest | null} */ (null));
  const [shown, setShown] = useState({ stage: "none", file: "", percent: 0, wrong: "" }), [over, setOver] = useState(false);
  useEffect(() => () => request.current?.abort(), []);

  const fail = (file, wrong) => {
    request.current = null;
    setShown({ stage: "none", file, percent: 0, wrong });
    if (input.current) input.current.value = "";
  };

  /** @param {FileList | null | undefined} files */
  const take = (files) => {
    if (!files?.length) return;
    const [file] = files, said = `${file.name}, ${sizeInWords(file.size, words.units)}`;
    if (files.length > 1) { fail("", words.one); return; }
    if (!endings.some((one) => file.name.toLowerCase().endsWith(one))) { fail(said, words.wrongType); return; }
    if (file.size > largest) { fail(said, words.tooLarge); return; }
    if (!file.size) { fail(said, words.empty); return; }
    const xhr = new XMLHttpRequest();
    request.current = xhr;
    xhr.upload.addEventListener("progress", ({ loaded, total }) => setShown({ stage: "sending", file: said, percent: Math.floor(100 * loaded / total), wrong: "" }));
    xhr.addEventListener("load", () => {
      const answer = answerOf(xhr);
      if (xhr.status < 200 || xhr.status > 299) { fail(said, answer.error ?? (xhr.status === 413 ? words.tooLarge : words.refused)); return; }
      request.current = null;
      setShown({ stage: "sent", file: said, percent: 100, wrong: "" });
      onSent(answer);
    });
    xhr.addEventListener("error", () => fail(said, words.offline));
    xhr.addEventListener("abort", () => fail(said, words.stopped));
    xhr.open("POST", to);
    xhr.setRequestHeader("content-type", "application/octet-stream");
    xhr.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    setShown({ stage: "sending", file: said, percent: 0, wrong: "" });
    xhr.send(file);
  };

  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (shown.stage !== "sending") take(event.dataTransfer?.files);
  };
  const { stage, file, percent, wrong } = shown;
  return (
    <div className={`kfile${over ? " over" : ""}${wrong ? " bad" : ""}`} data-testid={name} data-stage={stage}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <label htmlFor={id} className="lbl">{words.label}</label>
      <div className="row wrap">
        <span className={`btn${stage === "sending" ? " off" : ""}`}>
          {children}<span aria-hidden="true">{stage === "sent" ? words.another : words.choose}</span>
          <input ref={input} id={id} type="file" accept={endings.join(",")} disabled={stage === "sending"} data-testid={`${name}-file`}
            aria-invalid={wrong ? "true" : undefined} aria-describedby={`${id}-help${wrong ? ` ${id}-wrong` : ""}`} onChange={(event) => take(event.target.files)} />
        </span>
        <span className="muted not-phone">{words.drop}</span>
      </div>
      <span id={`${id}-help`} className="hint">{words.help}</span>
      {file ? <span className="sm kname">{file}</span> : null}
      {stage === "sending" ? (
        <div className="row">
          <progress className="kbar" value={percent} max={100} aria-label={words.label} />
          <span className="sm nowrap">{words.sending.replace("{percent}", String(percent))}</span>
          <button type="button" className="btn sm" data-testid={`${name}-stop`} onClick={() => request.current?.abort()}>{words.cancel}</button>
        </div>
      ) : null}
      <span className="sm" role="status">{stage === "sent" ? words.sent : ""}</span>
      {wrong ? <span id={`${id}-wrong`} className="err" role="alert" data-testid={`${name}-wrong`}>{wrong}</span> : null}
    </div>
  );
}
