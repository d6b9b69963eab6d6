// The room's screen by single keys: each presses a button that is there to be seen.
"use strict";

(function () {
  var LONGEST = 10000;  // milliseconds that a first name may stand on the screen
  var root = document.documentElement;

  function typing(target) {
    return target && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  }

  function button(key) {
    return Array.prototype.find.call(document.querySelectorAll("[data-keys]"), function (each) {
      return each.dataset.keys.split(" ").indexOf(key) >= 0;
    });
  }

  // calling: the next file is fetched when it is called, never before, and put in the place of this one
  var busy = false;

  function call(form) {
    if (busy) return;
    busy = true;
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Seance": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("elsewhere");
        return answer.text();
      })
      .then(function (text) {
        var next = new DOMParser().parseFromString(text, "text/html").querySelector("main");
        if (!next) throw new Error("no page");
        release();
        document.querySelector("main").replaceWith(document.adoptNode(next));
        bind();
        scrollTo(0, 0);
        var head = next.querySelector("h1");
        if (head) { head.tabIndex = -1; head.focus({ preventScroll: true }); }
        busy = false;
      })
      .catch(function () { location.reload(); });
  }

  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-call]")) { event.preventDefault(); call(event.target); }
  });

  // a page that comes back from the browser's memory is asked for again
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { root.classList.add("is-covered"); location.reload(); }
  });

  // first name, while held
  var hold = null, out = null;
  var timer = null;

  function show() {
    if (!hold || timer) return;
    out.textContent = hold.dataset.name;
    out.hidden = false;
    timer = setTimeout(hide, LONGEST);
  }

  function hide() {
    if (!out) return;
    clearTimeout(timer);
    out.hidden = true;
    out.textContent = "";
  }

  function release() { hide(); timer = null; }

  function bind() {
    hold = document.querySelector("[data-hold]");
    out = document.querySelector("[data-name-shown]");
    if (!hold) return;
    hold.hidden = false;
    hold.addEventListener("pointerdown", show);
    ["pointerup", "pointerleave", "pointercancel", "blur"].forEach(function (name) { hold.addEventListener(name, release); });
    hold.addEventListener("keydown", function (event) { if (event.key === " " || event.key === "Enter") { event.preventDefault(); show(); } });
    hold.addEventListener("keyup", release);
  }

  window.addEventListener("blur", release);
  bind();

  // keys
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.repeat || typing(event.target)) return;
    if (event.key === "i" && hold) { event.preventDefault(); show(); return; }
    var jump = document.querySelector('[data-key-focus="' + CSS.escape(event.key) + '"]');
    if (jump) { event.preventDefault(); jump.focus(); jump.select(); return; }
    var found = button(event.key);
    if (found) { event.preventDefault(); found.click(); }
  });
  document.addEventListener("keyup", function (event) { if (event.key === "i") release(); });
})();
