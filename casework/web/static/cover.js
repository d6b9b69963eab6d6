// One key covers the screen, also while something is typed: the page is emptied before the server is asked, and with it the other windows
// of this browser. Signing out empties them too.
"use strict";

(function () {
  var PATIENCE = 1000;  // milliseconds that covering waits for what is being typed to be kept
  var root = document.documentElement;
  var windows = window.BroadcastChannel ? new BroadcastChannel("casework-cover") : { postMessage: function () {} };

  // another window covered: keep what is typed here; whoever comes to this window asks for its page again, and gets the cover
  windows.onmessage = function () {
    if (root.classList.contains("is-covered")) return;
    root.classList.add("is-covered");
    document.dispatchEvent(new CustomEvent("casework-keep", { detail: {} }));
    ["keydown", "pointerdown", "visibilitychange"].forEach(function (name) { document.addEventListener(name, again); });
  };

  function again() {
    if (!document.hidden) location.replace(location.pathname + location.search);
  }

  function cover(form) {
    if (root.classList.contains("is-covered")) return;
    root.classList.add("is-covered");
    windows.postMessage("cover");
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
    if (event.target.matches("form[data-leave]")) windows.postMessage("leave");
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.defaultPrevented || event.repeat || event.isComposing) return;
    if (form()) { event.preventDefault(); cover(form()); }
  });
})();
