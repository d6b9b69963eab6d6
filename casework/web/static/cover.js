// One key covers the screen, also while something is typed: the page is emptied before the server is asked.
"use strict";

(function () {
  var PATIENCE = 1000;  // milliseconds that covering waits for what is being typed to be kept
  var root = document.documentElement;

  function cover(form) {
    if (root.classList.contains("is-covered")) return;
    root.classList.add("is-covered");
    var gone = false;
    function go() { if (!gone) { gone = true; HTMLFormElement.prototype.submit.call(form); } }
    setTimeout(go, PATIENCE);
    var asked = new CustomEvent("casework-keep", { detail: { done: go, waits: false } });
    document.dispatchEvent(asked);
    if (!asked.detail.waits) go();
  }

  // in a meeting the room's own button comes first: its code is the shorter way back
  function form() {
    return document.querySelector("main form[data-cover]") || document.querySelector("form[data-cover]");
  }

  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-cover]")) { event.preventDefault(); cover(event.target); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.defaultPrevented || event.repeat || event.isComposing) return;
    if (form()) { event.preventDefault(); cover(form()); }
  });
})();
