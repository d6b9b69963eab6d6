// Small helps on top of pages that work without them. No library, no inline code, nothing stored.
"use strict";

(function () {
  // A page brought back from the browser's memory after signing out must not show a dossier.
  addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });

  function focusProblems() {
    var problems = document.querySelector("[data-focus]");
    if (problems) problems.focus();
  }

  // A double click sends once. The server would make one entry all the same: the form carries its own id.
  function sendOnce(form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      var button = form.querySelector("button[data-busy]");
      if (!button || (event.submitter && event.submitter.name)) return;  // a button with a name asks for another page of the same form
      button.setAttribute("aria-disabled", "true");
      button.textContent = button.dataset.busy;
    });
  }

  function count(area) {
    var line = area.parentElement.querySelector(".counter");
    var limit = Number(area.dataset.count);
    function show() {
      // The server counts code points with plain line ends; so do we.
      var left = limit - Array.from(area.value).length;
      line.textContent = (left < 0 ? area.dataset.over : area.dataset.left).replace("{n}", Math.abs(left));
      line.classList.toggle("over", left < 0);
    }
    line.hidden = false;
    area.addEventListener("input", show);
    show();
  }

  // « Qui lira ceci ? »: only the chosen compartment's readers, above the button; the compartment follows the kind of note
  // until somebody chooses one by hand.
  function readers(form) {
    var live = form.querySelector("[data-live]");
    var region = form.querySelector("[data-live-region]");
    var chosenByHand = Boolean(form.querySelector("[name=compartment]:checked"));

    function show() {
      var chosen = form.querySelector("[name=compartment]:checked");
      live.classList.toggle("bare", !chosen);
      region.replaceChildren();
      if (!chosen) return;
      var list = form.querySelector('.readers[data-of="' + CSS.escape(chosen.value) + '"]');
      list.childNodes.forEach(function (node) { region.append(node.cloneNode(true)); });
    }

    function follow(kind) {
      var proposed = kind.selectedOptions[0] && kind.selectedOptions[0].dataset.default;
      var target = proposed && form.querySelector('[name=compartment][value="' + CSS.escape(proposed) + '"]');
      if (chosenByHand || !target) return;
      target.checked = true;
      show();
    }

    live.hidden = false;  // a region announces what changes in it only when it was there before
    form.querySelectorAll(".readers").forEach(function (list) { list.hidden = true; });
    form.addEventListener("change", function (event) {
      if (event.target.name === "kind") follow(event.target);
      if (event.target.name === "compartment") { chosenByHand = true; show(); }
    });
    follow(form.querySelector("[name=kind]"));
    show();
  }

  function print(button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  }

  // The answer to a search has no address. It takes the place of this page's content, so that coming back from a dossier
  // shows the list and never asks to send the form again.
  function search(form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
        return answer.redirected ? location.assign(answer.url) : answer.text().then(put);
      }).catch(function () { form.submit(); });
    });
  }

  function put(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
    document.querySelectorAll("form[data-search]").forEach(search);
    focusProblems();
  }

  // One button ticks a whole block, or unticks it when all of it is ticked. Without this script the server does it.
  function tick(button) {
    button.hidden = false;
    button.addEventListener("click", function (event) {
      var boxes = Array.from(button.closest("fieldset").querySelectorAll("input[type=checkbox]:not([disabled])"));
      var all = boxes.every(function (box) { return box.checked; });
      boxes.forEach(function (box) { box.checked = !all; });
      event.preventDefault();
    });
  }

  focusProblems();
  document.querySelectorAll("[data-tick]").forEach(tick);
  document.querySelectorAll("[data-print]").forEach(print);
  document.querySelectorAll("form[data-once]").forEach(sendOnce);
  document.querySelectorAll("form[data-search]").forEach(search);
  document.querySelectorAll("textarea[data-count]").forEach(count);
  document.querySelectorAll("form[data-readers]").forEach(readers);
})();
