// Keeps what is typed in a long form as a draft, sealed to its author, while they write. Works on forms marked data-draft.
"use strict";

(function () {
  var PAUSE = 3000;     // milliseconds without a key before the first draft
  var APART = 15000;    // and between two drafts
  var form = document.querySelector("form[data-draft]");
  if (!form) return;
  var line = form.querySelector("[data-draft-line]");
  var door = form.querySelector("[data-draft-door]");
  var timer = null, under = null, last = 0, kept = written(), over = false;

  function written() {
    return new URLSearchParams(new FormData(form)).toString();
  }

  function say(state, at) {
    var sentence = form.dataset[state];
    if (!sentence) return;
    line.textContent = sentence.replace("{at}", at || "");
    line.hidden = false;
    door.hidden = state === "kept";
    over = state === "lost";
  }

  function body() {
    var sent = new URLSearchParams(new FormData(form));
    sent.set("brouillon", form.dataset.draft);
    sent.set("lieu", form.dataset.place);
    return sent;
  }

  function keep() {
    timer = null;
    var text = written();
    if (over || under || form.dataset.sent || text === kept) return Promise.resolve();
    under = new AbortController();
    last = Date.now();
    return fetch(form.dataset.keep, { method: "POST", body: body(), credentials: "same-origin", redirect: "error", signal: under.signal, keepalive: true })
      .then(function (answer) { return answer.json(); })
      .then(function (said) {
        if (said.state === "kept" || said.state === "ended") kept = text;
        say(said.state, said.at);
      })
      .catch(function () { /* no network: the next pause tries again */ })
      .then(function () { under = null; if (!over && written() !== kept) plan(); });
  }

  function plan() {
    if (timer || over) return;
    timer = setTimeout(keep, Math.max(PAUSE, last + APART - Date.now()));
  }

  form.addEventListener("input", plan);
  form.addEventListener("change", plan);
  form.addEventListener("submit", function () {
    clearTimeout(timer);
    if (under) under.abort();  // what is being saved needs no draft
    over = true;
  });
  document.addEventListener("casework-keep", function (event) {  // the screen is being covered: keep first, then say so
    clearTimeout(timer);
    timer = null;
    if (over || written() === kept) return;
    event.detail.waits = true;
    if (under) under.abort();
    under = null;
    keep().then(event.detail.done, event.detail.done);
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") keep();
  });
})();
